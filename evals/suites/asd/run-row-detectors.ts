import type { Matrix } from '../../../detection/matrix.ts';
import { createRobustZScore } from '../../../detection/streams/robust-z-score.ts';

/** Scores of the row-wise streaming detectors over the test rows, after they learned the training rows. The robust z-score is the mean over columns. */
export function scoreRowsWithEach(train: Matrix, test: Matrix): Record<string, Float64Array> {
  const columns = Array.from({ length: test.columns }, () => createRobustZScore());
  const point = new Float64Array(1);
  const walk = (rows: Matrix, from: number, keep?: Float64Array): void => {
    for (let row = 0; row < rows.rows; row += 1) {
      for (const [column, detector] of columns.entries()) {
        point[0] = rows.values[row * rows.columns + column]!;
        if (keep !== undefined) keep[row]! += detector.scoreOne(point, from + row) / columns.length;
        detector.learnOne(point, from + row);
      }
    }
  };
  const zScores = new Float64Array(test.rows);
  walk(train, 0);
  walk(test, train.rows, zScores);
  return { 'robust z-score, mean over columns': zScores };
}
