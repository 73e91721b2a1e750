import { describe, expect, it } from 'vitest';
import type { Section } from '../../../../domain/answer.ts';
import { createFakeIncident } from '../../fake-incident.ts';
import { arrangeSections } from './arrange-sections.ts';

const told = (title: string, ...texts: string[]): Section => ({
  title,
  sentences: texts.map((text) => ({ text, evidence: [], kind: 'fact' })),
});
const titles = (sections: readonly Section[]): string[] => sections.map(({ title }) => title);

describe('arrangeSections', () => {
  const answer = createFakeIncident('2026-11-02T09:40:00.000Z').answer('run-1', 'thread');

  it('folds what the board shows, and keeps the order', () => {
    const sections = [told('Why', 'x'), told('Timeline', 'x'), told('Not seen', 'x'), told('Next step', 'x')];
    const { open, folded } = arrangeSections({ ...answer, sections });
    expect([titles(open), titles(folded)]).toEqual([
      ['Why', 'Next step'],
      ['Timeline', 'Not seen'],
    ]);
  });

  it('does not say a condition twice', () => {
    const { structural, temporal } = answer.diagnosis!.hypotheses[0]!.certificate;
    const sections = [
      told('Why', 'Path: payment.', `Structure holds: ${structural.reason}`),
      told('Order', `Order holds: ${temporal.reason}`),
    ];
    expect(arrangeSections({ ...answer, sections }).open).toEqual([told('Why', 'Path: payment.')]);
  });

  it('leaves all open where there is no diagnosis', () => {
    const { diagnosis: _, ...plain } = answer;
    const sections = [told('Timeline', 'x')];
    expect(arrangeSections({ ...plain, sections })).toEqual({ open: sections, folded: [] });
  });
});
