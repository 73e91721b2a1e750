import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { matrixOf } from '../../models/matrix.ts';
import { scoreStored, storedRowsOf } from '../../models/stored-rows.ts';
import { chooseUnsupervised, fitUnsupervised, namedDetector } from './choose-unsupervised.ts';
import { createDefaultParts } from './default-parts.ts';
import { createFakeParts } from './fake-trainers.ts';

const parts = createDefaultParts();

/** Rows of which every twentieth is odd: by how its columns go together, or by lying far out. */
function rowsWith(odd: 'relation' | 'extreme', known = true) {
  const random = createRandom(3);
  const labels = Int32Array.from({ length: 1_500 }, (_, row) => (row % 20 === 0 ? 1 : 0));
  const cells = Array.from(labels, (label) => {
    const turn = random.next() * 2 * Math.PI;
    const other = label === 1 && odd === 'relation' ? random.next() * 2 * Math.PI : turn;
    const far = label === 1 && odd === 'extreme' ? 20 : 0;
    return [Math.cos(turn) + far, Math.sin(turn) + far, Math.cos(2 * other), Math.sin(2 * other)];
  });
  const all = Int32Array.from(labels.keys());
  return {
    rows: storedRowsOf(matrixOf(cells)),
    usual: all.filter((row) => !known || labels[row] === 0),
    abnormal: all.filter((row) => known && labels[row] === 1),
    isNormal: (row: number) => known && labels[row] === 0,
    seed: 1,
  };
}

describe('the choice of a detector by labels', () => {
  it('takes one that sees relations where these are what is odd, and the forest where none sees more', () => {
    const relation = chooseUnsupervised(parts, rowsWith('relation'));
    expect(['neighbour-distance', 'local-outlier-factor', 'dbscan', 'outlier-blend']).toContain(
      relation.trainer.method,
    );
    const of = (choice: typeof relation, method: string): number =>
      choice.tried.find((one) => one.method === method)!.precision;
    expect(of(relation, 'dbscan')).toBeGreaterThan(of(relation, 'isolation-forest') + 0.1);
    expect(relation.tried.map(({ precision }) => precision)).toEqual(
      relation.tried.map(({ precision }) => precision).toSorted((left, right) => right - left),
    );
    // all see what is far out: no other is better than the forest
    const extreme = chooseUnsupervised(parts, rowsWith('extreme'));
    expect([extreme.trainer.method, of(extreme, 'dbscan')]).toEqual(['isolation-forest', 1]);
    expect(chooseUnsupervised(parts, rowsWith('relation'))).toEqual(relation);
  });

  it('does not choose where too few rows are labelled, and asks no neighbours of too many rows', () => {
    expect(chooseUnsupervised(parts, rowsWith('relation', false))).toEqual({ trainer: parts.forest, tried: [] });
    const few = parts.detectors!.map((one) => ({ ...one, mostRows: one.mostRows === undefined ? 1e9 : 1_000 }));
    const methods = chooseUnsupervised({ ...parts, detectors: few }, rowsWith('extreme')).tried.map(
      ({ method }) => method,
    );
    expect(methods.toSorted()).toEqual(['elliptic-envelope', 'extended-isolation-forest', 'isolation-forest', 'pca']);
  });

  it('knows the detectors by name, and fits the one that is named', () => {
    expect(() => namedDetector(parts, 'oracle')).toThrow(/no detector oracle; there are isolation-forest, .*dbscan/);
    expect(namedDetector(createFakeParts(), 'fake-distance').method).toBe('fake-distance');
    const { rows, usual } = rowsWith('relation');
    const model = fitUnsupervised(namedDetector(parts, 'dbscan'), { rows, chosen: usual, seed: 1 }, {});
    expect(model.card).toMatchObject({ method: 'dbscan', trainedRows: usual.length });
    expect(scoreStored(rows, (block) => model.score(block))[0]!).toBeGreaterThan(0.5);
  });
});
