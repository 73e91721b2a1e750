import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { createSequenceTrainer } from './sequence-detector.ts';

/** Sessions of a shop: opened, one to three items put in and each confirmed, then paid or left, then closed. */
function sessions(count: number, seed: number): string[][] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const items = Array.from({ length: 1 + random.integer(3) }, () => ['put', 'confirmed']).flat();
    return ['open', ...items, random.next() < 0.8 ? 'paid' : 'left', 'closed'];
  });
}

const trained = createSequenceTrainer().fit(sessions(400, 1));
const scoreOf = (session: string[]) => trained.score([session])[0]!;

describe('createSequenceTrainer', () => {
  it('lets other normal sessions pass and flags what never went so', () => {
    expect(Math.max(...trained.score(sessions(400, 2)))).toBeLessThan(0.5);
    for (const odd of [
      ['open', 'put', 'confirmed', 'paid'],
      ['open', 'put', 'put', 'confirmed', 'paid', 'closed'],
      ['open', 'paid', 'put', 'confirmed', 'closed'],
      ['open', 'put', 'confirmed', 'paid', 'refused', 'closed'],
      ['closed'],
      [],
    ])
      expect([odd, scoreOf(odd) > 0.5]).toEqual([odd, true]);
  });

  it('says which transition was unexpected, what was expected there, and which number', () => {
    const early = trained.explain(['open', 'put', 'confirmed', 'paid']);
    expect(early.transition).toMatchObject({ at: 4, event: undefined, expected: [{ event: 'closed', share: 1 }] });
    const double = trained.explain(['open', 'put', 'confirmed', 'paid', 'paid', 'closed']);
    expect(double.transition).toMatchObject({ at: 4, event: 'paid', after: ['open', 'put', 'confirmed', 'paid'] });
    expect(double.transition.probability).toBeLessThan(0.01);
    const numbers = trained.explain(['open', 'put', 'confirmed', 'put', 'paid', 'closed']);
    expect(numbers.count).toMatchObject({ event: 'confirmed', times: 1, usual: 2, given: 'put', givenTimes: 2 });
    expect(trained.explain(['open', 'hacked', 'closed']).unknown).toEqual(['hacked']);
  });

  it('follows a session as it comes, with the scores of the whole', () => {
    const follow = trained.follow();
    const surprises = ['open', 'put', 'left', 'put'].map((event) => follow.next(event));
    expect(surprises[0]).toBeLessThan(0.1);
    expect(surprises[2]).toBeGreaterThan(3);
    expect(follow.end()).toBe(scoreOf(['open', 'put', 'left', 'put']));
  });

  it('is the same after a way through JSON, and for the same sessions', () => {
    const saved = JSON.stringify(trained.toJson());
    const loaded = createSequenceTrainer().load(JSON.parse(saved));
    const others = [...sessions(50, 3), ['put'], ['x', 'open']];
    expect(loaded.score(others)).toEqual(trained.score(others));
    expect(loaded.card).toEqual(trained.card);
    expect(JSON.stringify(createSequenceTrainer().fit(sessions(400, 1)).toJson())).toBe(saved);
    expect(trained.card).toMatchObject({ method: 'event-sequence', trainedRows: 400, options: { depth: 6 } });
  });

  it('flags about as many normal sessions as it was told to allow', () => {
    const loose = createSequenceTrainer().fit(sessions(400, 1), { falseAlarms: 0.2 });
    const share = loose.score(sessions(2_000, 5)).filter((score) => score > 0.5).length / 2_000;
    expect(share).toBeLessThan(0.3);
  });

  it('scores any session within [0, 1], however few it learned from', () => {
    const session = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(session, { minLength: 1, maxLength: 12 }),
        fc.array(session, { maxLength: 5 }),
        (learned, judged) => {
          const detector = createSequenceTrainer().fit(learned);
          expect([...detector.score(judged)].every((score) => score >= 0 && score <= 1)).toBe(true);
          for (const one of judged) expect(detector.explain(one).score).toBe(detector.score([one])[0]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('holds no more contexts than it may', () => {
    const random = createRandom(9);
    const noise = Array.from({ length: 200 }, () => Array.from({ length: 50 }, () => `e${random.integer(500)}`));
    const small = createSequenceTrainer().fit(noise, { contexts: 1_000, events: 16 });
    expect(JSON.stringify(small.toJson()).length).toBeLessThan(2_000_000);
    expect(small.score(noise).every((score) => score >= 0 && score <= 1)).toBe(true);
  });

  it('refuses impossible input', () => {
    expect(() => createSequenceTrainer().fit([])).toThrow('no session');
    expect(() => createSequenceTrainer().fit([['a']], { depth: 0 })).toThrow('depth');
    expect(() => createSequenceTrainer().load({})).toThrow('not a saved model');
  });
});
