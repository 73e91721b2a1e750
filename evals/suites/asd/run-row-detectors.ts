import type { OnlineDetector } from '../../../detection/models/contracts.ts';
import type { Matrix } from '../../../detection/models/matrix.ts';
import { rowOf } from '../../../detection/models/matrix.ts';
import { networkKinds } from '../../../detection/models/neural/networks.ts';
import { createWindowNetworkTrainer } from '../../../detection/models/neural/window-network.ts';
import { createOnlinePca } from '../../../detection/models/streams/online-pca.ts';
import { createRandomCutForest } from '../../../detection/models/streams/random-cut-forest.ts';
import { createRobustZScore } from '../../../detection/models/streams/robust-z-score.ts';
import { createRandom } from '../../../infra/runtime/random.ts';

const leastRowsOfNetworks = 2_000;

/** Scores of the streaming detectors over the test rows, each row before it is learned, after they learned the training rows; and of the networks. */
export function scoreRowsWithEach(train: Matrix, test: Matrix): Record<string, Float64Array> {
  const { columns } = test;
  return {
    'online PCA, 4 rows': scoreRows(createOnlinePca({ columns }), train, test),
    'random cut forest, 4 rows': scoreRows(createRandomCutForest({ columns, seed: 1 }), train, test),
    'robust z-score, mean over columns': scoreRows(robustZScores(columns), train, test),
    // A network needs rows to learn from; a short training part would only cost time.
    ...Object.fromEntries(
      (train.rows < leastRowsOfNetworks ? [] : Object.keys(networkKinds)).map((method) => [
        `${method}, 8 rows`,
        createWindowNetworkTrainer(method).fit(train, {}, createRandom(1)).score(test),
      ]),
    ),
  };
}

function scoreRows(detector: Pick<OnlineDetector, 'scoreOne' | 'learnOne'>, train: Matrix, test: Matrix): Float64Array {
  for (let row = 0; row < train.rows; row += 1) detector.learnOne(rowOf(train, row), row);
  return Float64Array.from({ length: test.rows }, (_, row) => {
    const values = rowOf(test, row);
    const score = detector.scoreOne(values, train.rows + row);
    detector.learnOne(values, train.rows + row);
    return score;
  });
}

function robustZScores(columns: number): Pick<OnlineDetector, 'scoreOne' | 'learnOne'> {
  const detectors = Array.from({ length: columns }, () => createRobustZScore());
  const point = new Float64Array(1);
  const each = (values: ArrayLike<number>, use: (detector: OnlineDetector) => number): number => {
    let sum = 0;
    for (const [column, detector] of detectors.entries()) {
      point[0] = values[column]!;
      sum += use(detector);
    }
    return sum / columns;
  };
  return {
    scoreOne: (values, at) => each(values, (detector) => detector.scoreOne(point, at)),
    learnOne: (values, at) => {
      each(values, (detector) => {
        detector.learnOne(point, at);
        return 0;
      });
    },
  };
}
