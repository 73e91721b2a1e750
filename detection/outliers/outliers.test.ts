import { describe, expect, it } from 'vitest';
import { createRandom } from '../../infra/runtime/random.ts';
import { matrixOf } from '../matrix.ts';
import { describeTrainer } from './trainer.conformance.ts';
import { createDbscanTrainer } from './dbscan.ts';
import { createEllipticEnvelopeTrainer } from './elliptic-envelope.ts';
import { averagePath, createIsolationForestTrainer } from './isolation-forest.ts';
import { createLocalOutlierFactorTrainer } from './local-outlier-factor.ts';
import { nearest } from './neighbours.ts';
import { createOutlierBlendTrainer } from './outlier-blend.ts';
import { createPcaTrainer } from './pca.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

describeTrainer(createIsolationForestTrainer());
describeTrainer(createPcaTrainer());
describeTrainer(createEllipticEnvelopeTrainer());
describeTrainer(createLocalOutlierFactorTrainer());
describeTrainer(createDbscanTrainer());
describeTrainer(createOutlierBlendTrainer());

describe('the parts of the outlier detectors', () => {
  it('know the mean path of a random search tree', () => {
    expect(averagePath(1)).toBe(0);
    expect(averagePath(2)).toBe(1);
    expect(averagePath(256)).toBeCloseTo(10.24, 2);
  });

  it('find eigenvalues and vectors', () => {
    const { values, vectors } = symmetricEigen(Float64Array.from([2, 1, 0, 1, 2, 0, 0, 0, 5]), 3);
    expect([...values].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([5, 3, 1]);
    expect(Math.abs(vectors[3]!)).toBeCloseTo(Math.SQRT1_2, 9);
    expect(vectors[3]).toBeCloseTo(vectors[4]!, 9);
  });

  it('find the nearest rows in order', () => {
    const rows = Float64Array.from([0, 1, 3, 7]);
    const { distances, indices } = nearest(rows, rows, { columns: 1, k: 2, self: true });
    expect([...indices]).toEqual([1, 2, 0, 2, 1, 0, 2, 1]);
    expect([...distances.subarray(0, 2)]).toEqual([1, 3]);
  });

  it('see a row that breaks a relation no single column shows: the blend leans on neighbours where tails are light', () => {
    const random = createRandom(2);
    const rows = matrixOf(
      Array.from({ length: 600 }, () => {
        const turn = random.next() * 2 * Math.PI;
        return [Math.cos(turn), Math.sin(turn), Math.cos(2 * turn), Math.sin(2 * turn)];
      }),
    );
    const blend = createOutlierBlendTrainer().fit(rows, {}, createRandom(1));
    const forest = createIsolationForestTrainer().fit(rows, {}, createRandom(1));
    const odd = matrixOf([[0, 0, 0, 0]]);
    const above = (model: typeof blend): number =>
      model.score(rows).filter((score) => score >= model.score(odd)[0]!).length;
    expect(above(blend)).toBeLessThan(6);
    expect(above(forest)).toBeGreaterThan(above(blend));
  });
});
