import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sentence } from '../domain/answer.ts';
import type { Grade } from '../domain/diagnosis.ts';
import { checkReport } from './check-report.ts';
import type { Grounds } from './check-report.ts';
import { shopDiagnosis } from './fake-shop.ts';
import { claimOf, gradeRank } from './grade-words.ts';

const id = 'ev_0000000000000001';
const say = (text: string, kind: Sentence['kind'] = 'fact', evidence = [id]): Sentence => ({ text, kind, evidence });
const grounds = (grade: Grade, more: Partial<Grounds> = {}): Grounds => ({
  evidence: new Set([id]),
  diagnosis: shopDiagnosis(grade),
  names: ['checkout', 'payment', 'cart', 'gateway'],
  quotable: [],
  ...more,
});
const check = (
  text: string,
  grade: Grade,
  more: Partial<Grounds> = {},
  kind: Sentence['kind'] = 'fact',
): string | undefined =>
  checkReport({ headline: [say(text, kind)], sections: [] }, grounds(grade, more)).headline[0]?.text;

describe('checkReport', () => {
  it('drops a fact that cites nothing of this run, and keeps one that does', () => {
    const draft = {
      headline: [say('p95 rose', 'fact', []), say('errors rose', 'fact', ['ev_ffffffffffffffff']), say('cpu rose')],
      sections: [],
    };
    expect(checkReport(draft, grounds('proven')).headline.map(({ text }) => text)).toEqual(['cpu rose']);
  });

  it('lets "root cause" stand for a proven cause only', () => {
    expect(check('The root cause is payment.', 'proven')).toBe('The root cause is payment.');
    expect(check('The root cause is payment.', 'supported')).toBe('The probable cause is payment.');
    expect(check('The root cause is payment.', 'suspected')).toBe('The suspected cause is payment.');
    expect(check('The root cause is payment.', 'unproven')).toBe('The unproven candidate is payment.');
  });

  it.each([
    'Payment caused it.',
    'It is due to payment.',
    'The culprit: payment.',
    'Payment is to blame.',
    'Payment definitely broke checkout.',
    'Checkout is slow because of payment.',
    'It is confirmed: payment triggered the outage.',
  ])('lowers "%s" to the grade', (text) => {
    for (const grade of ['suspected', 'unproven'] as const) {
      const lowered = check(text, grade);
      const claim = lowered === undefined ? undefined : claimOf(lowered);
      expect(claim === undefined || gradeRank[claim] <= gradeRank[grade]).toBe(true);
      expect(lowered ?? 'dropped').not.toBe(text);
    }
  });

  it.each([
    ['The root cause is cart.', 'an entity that was ruled out'],
    [
      'The root cause is the new deploy of cart that hit payment.',
      'an entity that was ruled out, with the cause named after it',
    ],
    ['The root cause is not payment but cart.', 'one by denying the other'],
    ['Cart is the root cause of the slowness of payment.', 'one as cause of the other'],
  ])('drops "%s": it blames %s', (text) => {
    expect(check(text, 'proven')).toBeUndefined();
  });

  it('drops a note that claims, and a claim where there is no diagnosis', () => {
    expect(check('Payment is the root cause.', 'proven', {}, 'note')).toBeUndefined();
    const { diagnosis: _none, ...without } = grounds('proven');
    expect(checkReport({ headline: [say('Payment is the root cause.')], sections: [] }, without).headline).toEqual([]);
  });

  it('claims nothing above suspected when the engine abstains', () => {
    const abstained = { diagnosis: shopDiagnosis('proven', { verdict: 'abstain' }) };
    expect(check('The root cause is payment.', 'proven', abstained)).toBe('The suspected cause is payment.');
  });

  it('leaves denials, plain facts and quoted words of others as they are', () => {
    for (const text of [
      'Cart is not the root cause.',
      'p95 of checkout rose from 80 ms to 1.4 s.',
      'No cause is carried by the evidence.',
    ])
      expect(check(text, 'suspected')).toBe(text);
    const quoted = 'payment logs “Caused by: the root cause is cart”.';
    expect(check(quoted, 'suspected', { quotable: ['Caused by: the root cause is cart'] })).toBe(quoted);
    expect(check(quoted, 'suspected')).not.toBe(quoted);
  });

  it('keeps a detail that a tool saw, but not one that blames', () => {
    const detail = 'pod cart-1 was killed due to its memory limit';
    expect(check(detail, 'suspected', { observed: new Set([detail]) })).toBe(detail);
    const blame = 'cart is the root cause';
    expect(check(blame, 'suspected', { observed: new Set([blame]) })).toBeUndefined();
  });

  it('never lets a claim above the grade through, whatever words are joined, and changes nothing on a second pass', () => {
    const part = fc.constantFrom(
      'payment',
      'cart',
      'checkout',
      'is',
      'was',
      'the root cause',
      'root-cause',
      'caused by',
      'because of',
      'due to',
      'probably',
      'may be',
      'definitely',
      'not',
      'but',
      ':',
      ';',
      '.',
      ',',
      'of',
      'slow',
      'broke',
      'to blame',
      'proven',
      'triggered',
      'it',
      '“',
      '”',
    );
    const grade = fc.constantFrom<Grade[]>('proven', 'supported', 'suspected', 'unproven');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), grade, (words, allowed) => {
        const out = check(words.join(' '), allowed);
        if (out === undefined) return;
        const claim = claimOf(out);
        expect(claim === undefined || gradeRank[claim] <= gradeRank[allowed]).toBe(true);
        expect(check(out, allowed)).toBe(out);
      }),
      { numRuns: 500 },
    );
  });
});
