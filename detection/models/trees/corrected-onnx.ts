import { integers, type OnnxPart } from '../onnx/encode-model.ts';
import { castTo, joined, renamed, widened } from '../onnx/graph-part.ts';
import { positionsOnnx, type QuantileMap } from '../outliers/quantile-map.ts';
import { correctedScoreOnnx } from './corrected-score.ts';

/**
 * From `rows` to `scores`, in doubles, of an unsupervised detector that a classifier corrects: its score becomes, as float32, one column more of what the
 * classifier sees; its positions by `map` correct the score (`corrected`).
 */
export function correctedOnnx(of: {
  unsupervised: OnnxPart;
  classifier: OnnxPart;
  map: QuantileMap;
  /** Of the classifier. */
  weight: number;
}): OnnxPart {
  const seen: OnnxPart = {
    constants: {},
    nodes: [
      { op: 'Cast', inputs: ['unsupervised_scores'], outputs: ['narrow'], attributes: castTo.float },
      { op: 'Cast', inputs: ['narrow'], outputs: ['column'], attributes: castTo.double },
      { op: 'Concat', inputs: ['rows', 'column'], outputs: ['seen'], attributes: { axis: { int: 1 } } },
    ],
  };
  const asked: OnnxPart = {
    constants: { abnormalClass: integers([1], [1]) },
    nodes: [
      {
        op: 'Gather',
        inputs: ['classifier_probabilities', 'abnormalClass'],
        outputs: ['learnt'],
        attributes: { axis: { int: 1 } },
      },
    ],
  };
  return widened(
    joined([
      renamed(of.unsupervised, 'unsupervised_', { rows: 'rows' }),
      seen,
      renamed(of.classifier, 'classifier_', { rows: 'seen' }),
      asked,
      renamed(positionsOnnx(of.map), 'position_', { scores: 'learnt' }),
      renamed(correctedScoreOnnx(of.weight), 'joined_', {
        unsupervised: 'unsupervised_scores',
        learnt: 'position_positions',
        scores: 'scores',
      }),
    ]),
  );
}
