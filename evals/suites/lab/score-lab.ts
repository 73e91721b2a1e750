import { z } from 'zod';
import { entityNameOf } from '../../../domain/entity.ts';
import type { LabTruth } from '../../lab-process.ts';
import type { Failure, Prediction, Score, ScoreReport } from '../../suite.ts';
import { claimScores, outcomeOf, scoreOf } from '../stated.ts';

/** The lab's fault words in the words of the product's catalogue; the first is the exact one, the others say the same thing. */
const catalogueWords: Record<string, string[]> = {
  'memory-leak': ['memory-leak', 'out-of-memory'],
  'missing-index': ['missing-index', 'slow-query'],
  'cache-wipe': ['cache-loss'],
  'dependency-down': ['dependency-down', 'crash'],
};

const line = z.object({
  verdict: z.string(),
  ranking: z.array(z.object({ entity: z.string(), fault: z.string() })),
  detected_after_s: z.number().nullable(),
});

/** Right: with a culprit, entity and fault first; without one, no entity blamed. */
export function scoreLab(predictions: readonly Prediction[], truths: ReadonlyMap<string, LabTruth>): ScoreReport {
  const rows = predictions.flatMap((prediction) => {
    const truth = truths.get(prediction.case);
    if (truth === undefined) return [];
    const said = line.parse(prediction.line);
    const words = catalogueWords[truth.kind] ?? [truth.kind];
    const first = said.verdict === 'cause' ? said.ranking[0] : undefined;
    const rightNames = truth.entities.length > 0 ? truth.entities : [truth.entity ?? ''];
    const isEntity = (id: string | undefined): boolean => id !== undefined && rightNames.includes(entityNameOf(id));
    const matches = (entry: { entity: string; fault: string } | undefined): boolean =>
      entry !== undefined && isEntity(entry.entity) && words.includes(entry.fault);
    const right = truth.culprit ? matches(first) : first === undefined;
    const entityRight = truth.culprit ? isEntity(first?.entity) : first === undefined;
    return [
      { prediction, truth, said, right, entityRight, inThree: truth.culprit && said.ranking.slice(0, 3).some(matches) },
    ];
  });
  const culprits = rows.filter((row) => row.truth.culprit);
  const harmless = rows.filter((row) => !row.truth.culprit);
  const entities = new Set(culprits.map((row) => row.truth.entity)).size;
  const kinds = new Set(culprits.map((row) => row.truth.kind)).size;
  const outcomes = rows.map(({ prediction, right, truth }) => outcomeOf(prediction, right, truth.culprit));
  const scores: Score[] = [
    scoreOf(
      'entity and fault first',
      culprits.map((row) => row.right),
      1 / Math.max(1, entities * kinds),
    ),
    scoreOf(
      'entity first',
      culprits.map((row) => row.entityRight),
      1 / Math.max(1, entities),
    ),
    scoreOf(
      'entity and fault in three',
      culprits.map((row) => row.inThree),
    ),
    scoreOf(
      'nobody blamed without a culprit',
      harmless.map((row) => row.right),
      0,
    ),
    ...claimScores(outcomes),
  ];
  const failures: Failure[] = rows
    .filter((row) => !row.right)
    .map((row) => ({
      case: row.prediction.case,
      expected: row.truth.culprit ? `${row.truth.entity ?? '?'} ${row.truth.kind}` : `nobody (${row.truth.kind})`,
      got: `${row.said.verdict} ${row.said.ranking
        .slice(0, 2)
        .map((entry) => `${entry.entity} ${entry.fault}`)
        .join(', then ')}`,
      ...(typeof row.prediction.line['capsule'] === 'string'
        ? { replay: `npx --no cerebro ask --capsule ${row.prediction.line['capsule']} "What is wrong?"` }
        : {}),
    }));
  const byKind = [...new Set(rows.map((row) => row.truth.kind))].sort().map((kind) => {
    const mine = rows.filter((row) => row.truth.kind === kind);
    const seconds = mine
      .flatMap((row) => (row.said.detected_after_s === null ? [] : [row.said.detected_after_s]))
      .sort((left, right) => left - right);
    return [
      kind,
      `${mine.filter((row) => row.right).length} of ${mine.length}`,
      seconds.length === 0 ? '' : (seconds[Math.floor(seconds.length / 2)] ?? 0).toFixed(1),
    ];
  });
  return {
    scores,
    failures,
    tables: [{ title: 'by fault', header: ['fault', 'right', 'detected after s (median)'], rows: byKind }],
    outcomes,
  };
}
