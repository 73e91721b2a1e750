import { expect, it } from 'vitest';
import { createOpeningBudget } from './opening-budget.ts';

const minute = 60_000;

it('allows so many openings an hour, and again when the first is an hour old', () => {
  const budget = createOpeningBudget({ perHour: 2, coolDownMs: 0 });
  const about = new Set(['service:a']);
  for (const at of [0, 10 * minute]) {
    expect(budget.allows(about, at)).toBe(true);
    budget.opened(at);
  }
  expect(budget.allows(about, 59 * minute)).toBe(false);
  expect(budget.allows(about, 60 * minute)).toBe(true);
});

it('rests after an incident about the same entities, not when another is among them', () => {
  const budget = createOpeningBudget({ perHour: 9, coolDownMs: 15 * minute });
  budget.ended(new Set(['service:a', 'service:b']), 0);
  expect(budget.allows(new Set(['service:a']), 14 * minute)).toBe(false);
  expect(budget.allows(new Set(['service:a', 'service:c']), 14 * minute)).toBe(true);
  expect(budget.allows(new Set(['service:a']), 15 * minute)).toBe(true);
});
