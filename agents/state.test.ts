import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../domain/evidence.ts';
import { mergeEvidence, mergeReports } from './state.ts';

const record = fc.integer({ min: 0, max: 12 }).map((number): Evidence => {
  const id = `ev_${number.toString(16).padStart(16, '0')}`;
  return {
    id,
    kind: 'metrics',
    tool: 't',
    source: 's',
    query: {},
    entities: [],
    digest: String(number),
    handle: id,
    size: 1,
    tainted: false,
  };
});
const records = fc.array(record, { maxLength: 8 });
const reports = fc.dictionary(fc.constantFrom('investigator', 'optimizer', 'remediator', '__proto__x'), fc.integer());
const ids = (list: Evidence[]): string[] => list.map(({ id }) => id).toSorted();

describe('reducers of the run state', () => {
  it('merge evidence by id: associative, idempotent, commutative up to order, inputs untouched', () => {
    fc.assert(
      fc.property(records, records, records, (one, two, three) => {
        const frozen = [one, two, three].map((list) => Object.freeze([...list]));
        expect(mergeEvidence(mergeEvidence(frozen[0]!, frozen[1]!), frozen[2]!)).toEqual(
          mergeEvidence(frozen[0]!, mergeEvidence(frozen[1]!, frozen[2]!)),
        );
        const merged = mergeEvidence(one, two);
        expect(mergeEvidence(merged, merged)).toEqual(merged);
        expect(ids(mergeEvidence(two, one))).toEqual(ids(merged));
        expect(new Set(ids(merged)).size).toBe(merged.length);
      }),
    );
  });

  it('merge reports by agent: associative, idempotent, commutative for distinct agents, same bytes in any order', () => {
    fc.assert(
      fc.property(reports, reports, reports, (one, two, three) => {
        expect(mergeReports(mergeReports(one, two), three)).toEqual(mergeReports(one, mergeReports(two, three)));
        expect(mergeReports(one, one)).toEqual(one);
        const rest = Object.fromEntries(Object.entries(two).filter(([agent]) => !(agent in one)));
        expect(JSON.stringify(mergeReports(one, rest))).toBe(JSON.stringify(mergeReports(rest, one)));
      }),
    );
  });
});
