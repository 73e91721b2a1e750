import { describe, expect, it } from 'vitest';
import { draftDiagnosis } from './draft-diagnosis.ts';
import { shopDiagnosis } from './fake-shop.ts';
import { spanAfterEnded } from './look-again.ts';
import { createTimeWords } from './time-words.ts';

const window = { from: '2026-11-20T14:05:00.000Z', to: '2026-11-20T14:10:00.000Z' };
const baseline = { from: '2026-11-20T13:55:00.000Z', to: '2026-11-20T14:05:00.000Z' };
const until = '2026-11-20T14:08:00.000Z';
const over = (diagnosis = shopDiagnosis('supported')) => ({
  ...diagnosis,
  hypotheses: diagnosis.hypotheses.map((one) => ({
    ...one,
    state: 'over' as const,
    until,
    mechanism: 'pool exhaustion',
  })),
});
const words = createTimeWords(window.to, 'UTC');
const textOf = (diagnosis: ReturnType<typeof shopDiagnosis>): string => {
  const { headline, sections } = draftDiagnosis(diagnosis, ['ev_0000000000000000'], words, 'diagnose');
  return [...headline, ...sections.flatMap(({ sentences }) => sentences)].map(({ text }) => text).join('\n');
};

describe('what has ended, for who asks', () => {
  it('is looked beyond where symptoms go on: from its end, held against the quiet time before', () => {
    expect(spanAfterEnded(over(), { window, baseline })).toMatchObject({
      window: { from: until, to: window.to },
      baseline,
    });
  });

  it('is not where nothing goes on, nothing is over, or too little time is left', () => {
    const diagnosis = over();
    const calm = { ...diagnosis, symptoms: diagnosis.symptoms.map((one) => ({ ...one, until })) };
    expect(spanAfterEnded(calm, { window, baseline })).toBeUndefined();
    expect(spanAfterEnded(shopDiagnosis('supported'), { window, baseline })).toBeUndefined();
    expect(
      spanAfterEnded(diagnosis, { window: { ...window, to: '2026-11-20T14:08:10.000Z' }, baseline }),
    ).toBeUndefined();
  });

  it('is told in the past with its span, as the cause and beside one that goes on', () => {
    const calm = { ...over(), symptoms: over().symptoms.map((one) => ({ ...one, until })) };
    expect(textOf(calm)).toContain(
      'The probable cause was payment (change cfg-7): pool exhaustion from 14:05:20 to 14:08:00 UTC',
    );
    expect(textOf(calm)).toContain(
      'checkout departed from normal from 14:05:30 to 14:08:00 UTC, over for 2 min; nothing goes on.',
    );
    const earlier = calm.symptoms.map((one) => ({ ...one, until: '2026-11-20T14:05:00.000Z' }));
    const goesOn = calm.hypotheses.map((one) => ({ ...one, state: 'active' as const }));
    const beganAfter = textOf({ ...calm, symptoms: earlier, hypotheses: goesOn });
    expect(beganAfter).toContain('checkout departed from normal until 14:05:00 UTC.');
    expect(beganAfter).not.toContain('nothing goes on');
    const beside = { ...shopDiagnosis('supported'), ended: over().hypotheses };
    expect(textOf(beside)).toContain(
      'Before this, payment: pool exhaustion from 14:05:20 to 14:08:00 UTC, over for 2 min.',
    );
  });
});
