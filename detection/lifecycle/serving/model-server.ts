import { CerebroError } from '../../../infra/runtime/errors.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { Frame } from '../features/frame.ts';
import type { Matrix } from '../../models/matrix.ts';
import type { ModelVersion } from '../registry/model-version.ts';
import type { ModelRegistry } from '../registry/open-registry.ts';
import { filledRows, readAll, storedRowsOf } from '../../models/stored-rows.ts';
import { onnxScores } from '../training/measure-model.ts';
import { type BundleHead, openScorer, readBundleHead, type Scorer } from '../training/model-bundle.ts';
import type { TrainingParts } from '../training/training-parts.ts';
import type { InferencePool } from './inference-pool.ts';
import { routeByKey } from './route-by-key.ts';

/** Models of a registry, ready to score rows of features. */
export interface ModelServer {
  names(): string[];
  /** A version by number, stage or alias; where nothing is said the one that `score` would take for the routing key. Throws NOT_FOUND. */
  describe(name: string, reference?: string, routingKey?: string): ModelVersion;
  /** What a version takes: its features, in order, and more. */
  headOf(version: ModelVersion): BundleHead;
  /** Loads a version and compares its ONNX file with the native scorer. Throws what makes it unfit. */
  makeReady(version: ModelVersion): Promise<void>;
  /**
   * Scores rows of features. Without a reference, a routing key decides between the aliases `champion` and `challenger`; without a key production answers.
   * `outside` asks which rows lie outside the training as well; throws INPUT_INVALID for a classifier of an older version, which does not know.
   */
  score(
    name: string,
    rows: Matrix,
    options?: { reference?: string | undefined; routingKey?: string | undefined; outside?: boolean },
  ): Promise<ScoredRows>;
}

export interface ScoredRows {
  version: ModelVersion;
  scores: Float64Array;
  threshold: number;
  /** 1 for rows outside what the model was trained on, where it was asked for. */
  outOfDistribution?: Uint8Array;
}

/** Largest difference between the two scorers with which a model is served. */
const parity = 1e-6;

/**
 * Serves what a registry holds. Versions without an ONNX file are scored natively, on the calling thread. Models are loaded at their first use
 * and kept; the bytes behind a version never change.
 */
export function createModelServer(
  deps: { registry: ModelRegistry; pool: InferencePool; parts: TrainingParts },
  options: { weights?: Readonly<Record<string, number>> } = {},
): ModelServer {
  const { registry, pool, parts } = deps;
  const weights = options.weights ?? { champion: 1, challenger: 0 };
  const loaded = new Map<string, Promise<Scorer>>();
  const heads = new Map<string, BundleHead>();
  const keyOf = ({ name, version }: ModelVersion): string => `${name}/${version}`;

  const load = (version: ModelVersion): Promise<Scorer> => {
    const key = keyOf(version);
    let scorer = loaded.get(key);
    if (scorer === undefined) {
      scorer = loadOne(version, key);
      loaded.set(key, scorer);
      // A failure is not kept: the file may be restored.
      scorer.catch(() => loaded.delete(key));
    }
    return scorer;
  };
  const loadOne = async (version: ModelVersion, key: string): Promise<Scorer> => {
    const scorer = openScorer((file) => registry.read(version, file), parts);
    if (scorer.head.onnx === undefined) return scorer;
    await pool.load(key, { bytes: registry.read(version, 'model.onnx'), ...scorer.head.onnx });
    const probe = readAll(scorer.prepare(probeFrame(scorer)));
    const served = await scoreOn(key, probe);
    const native = scorer.score(probe);
    const worst = native.reduce((most, score, r) => Math.max(most, Math.abs(score - served[r]!)), 0);
    if (worst <= parity) return scorer;
    await pool.drop(key);
    throw new CerebroError(
      'STORE_DAMAGED',
      `The ONNX file of ${key} differs from the native scores by ${worst}; it is not served.`,
    );
  };
  const scoreOn = async (key: string, rows: Matrix): Promise<Float64Array> =>
    onnxScores(await pool.run(key, Float32Array.from(rows.values), rows.columns), rows.rows);

  const chosen = (name: string, reference?: string, routingKey?: string): ModelVersion => {
    if (reference !== undefined || routingKey === undefined) return registry.get(name, reference);
    const variant = routeByKey(`${name}\u0000${routingKey}`, weights);
    const version =
      variant === undefined ? undefined : registry.list(name).find(({ aliases }) => aliases.includes(variant));
    return version ?? registry.get(name);
  };

  return {
    names: () => [...new Set(registry.list().map(({ name }) => name))],
    describe: chosen,
    headOf(version) {
      const key = keyOf(version);
      const head = heads.get(key) ?? readBundleHead(registry.read(version, 'bundle.json'));
      heads.set(key, head);
      return head;
    },
    makeReady: async (version) => {
      await load(version);
    },
    async score(name, rows, more = {}) {
      const version = chosen(name, more.reference, more.routingKey);
      const scorer = await load(version);
      const { head } = scorer;
      if (rows.columns !== head.features.length)
        throw new CerebroError('INPUT_INVALID', `${name} takes ${head.features.length} features, not ${rows.columns}.`);
      const filled = head.fills === null ? rows : readAll(filledRows(storedRowsOf(rows), head.fills));
      const scores = head.onnx === undefined ? scorer.score(filled) : await scoreOn(keyOf(version), filled);
      if (more.outside !== true) return { version, scores, threshold: head.threshold };
      const outOfDistribution = scorer.outOfDistribution?.(filled);
      if (outOfDistribution === undefined)
        throw new CerebroError(
          'INPUT_INVALID',
          `${keyOf(version)} was trained before models kept what they had seen; train it again to ask what lies outside.`,
        );
      return { version, scores, threshold: head.threshold, outOfDistribution };
    },
  };
}

/** Samples drawn from what the columns were in training: rows for comparing the two scorers. */
function probeFrame({ head }: Scorer): Frame {
  const random = createRandom(head.method);
  const rows = 96;
  return {
    entity: 'probe',
    times: Float64Array.from({ length: rows }, (_, r) => r * head.stepMs),
    names: head.columns,
    columns: head.columns.map((name) => {
      const known = head.reference[name] ?? [];
      return Float64Array.from({ length: rows }, () => (known.length === 0 ? random.next() : random.pick(known)));
    }),
  };
}
