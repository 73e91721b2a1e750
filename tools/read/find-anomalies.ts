import { z } from 'zod';
import type { Finding } from '../../domain/finding.ts';
import { finding } from '../../domain/finding.ts';
import { instant, window } from '../../domain/time.ts';
import { detectAnomalies, readingsOf, spansOf, withoutGap } from '../../detection/evidence/signals/detect-anomalies.ts';
import { attributeCalls } from '../../detection/evidence/propagation/attribute-calls.ts';
import { presentFacts } from '../../detection/evidence/present/present-facts.ts';
import { longHistory } from '../../detection/evidence/propagation/long-history.ts';
import { orient } from '../../detection/evidence/signals/orient.ts';
import { saturatedLevels } from '../../detection/evidence/signals/saturated-levels.ts';
import { thinSeries } from '../../detection/evidence/signals/thin-series.ts';
import { topologyFromSeries } from '../../detection/evidence/signals/topology-from-series.ts';
import { scoreFindings } from '../../detection/models/streams/score-findings.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import type { ReadDeps } from './read-deps.ts';
import { entitiesField, entitiesText, windowField, windowOr, windowText } from './request-fields.ts';
import { windowAcross, windowBefore } from './split-windows.ts';
import { mergeTopologies } from './topology-view.ts';

const shownFindings = 60;
const shownMisreadings = 10;

const input = z.strictObject({
  entities: entitiesField,
  window: windowField.optional(),
  baseline: windowField
    .optional()
    .describe('A quiet span before. Absent: the onset is searched for in the window and in as much time before it.'),
  metrics: z.array(z.string()).max(50).default(['*']).describe('Metric names, `*` as a wildcard. Default: all.'),
});
const misreading = z.object({ entity: z.string(), metric: z.string(), sentence: z.string() });
const output = z.object({
  findings: z.array(finding),
  total: z.number().int(),
  /** When the symptoms began, where the tool searched for it. */
  onset: instant.optional(),
  baseline: window,
  observed: window,
  series: z.number().int(),
  /** Readings that cannot be, set aside: no evidence of anything. */
  misread: z.array(misreading).optional(),
  truncated: z.boolean(),
});

/** Finds departures from normal in all metrics of some entities: what moved, how far, since when, and in `data.score` how abnormal its series became as a stream. All findings are kept as evidence with the topology that the metrics' labels show. */
export function createFindAnomalies(
  deps: Pick<ReadDeps, 'sources' | 'clock'>,
): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'find_anomalies',
    description:
      'Compares all metrics of entities with a baseline and returns what departs from it, most severe first, with onset, direction and effect size. Without a baseline it finds the onset itself. Start here for "what is wrong" and "since when".',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const source = deps.sources.metrics;
      if (source === undefined) return notConnected('metrics', 'sources.metrics');
      const asked = windowOr(request.window, deps.clock);
      let read = windowAcross(request.baseline ?? windowBefore(asked), asked);
      const query = {
        metrics: request.metrics,
        entities: request.entities,
        stepMs: 0,
        maxSeries: 20_000,
      };
      let result = await source.query({ ...query, window: read }, signal);
      const earlier =
        request.baseline === undefined && result.status === 'ok'
          ? longHistory(result.items, asked, read.from)
          : undefined;
      if (earlier !== undefined) {
        read = { from: earlier, to: read.to };
        result = await source.query({ ...query, window: read }, signal);
      }
      const where = `${entitiesText(request.entities)}, ${windowText(read)}`;
      if (result.status === 'no-data')
        return { ...result, hint: `No metrics of ${where}. Take ids from list_services, or widen the window.` };
      const series = thinSeries(result.items);
      const { kept: derived, misread } = readingsOf(series);
      const found =
        request.baseline === undefined
          ? orient(series, asked, derived)
          : { baseline: request.baseline, observed: asked };
      // Other signals may have begun before the metrics did.
      const windows = {
        baseline: earlier === undefined ? found.baseline : { ...found.baseline, from: earlier },
        observed: found.observed,
        ...('own' in found ? { own: found.own } : {}),
      };
      const declared = topologyFromSeries(result.items);
      const known = await deps.sources.topology?.read(read, signal);
      const graph = mergeTopologies([declared, ...(known?.status === 'ok' ? known.items : [])]);
      const departures = detectAnomalies(series, windows, { derived });
      const findings = [
        ...scoreFindings(departures, derived, msOf(windows.observed.from)),
        ...saturatedLevels(derived),
        ...presentFacts(series, msOf(asked.to)),
        ...attributeCalls(withoutGap(derived, spansOf(windows)), graph, windows),
      ].toSorted((left, right) => right.severity - left.severity || (left.id < right.id ? -1 : 1));
      const onset = 'onset' in found ? found.onset : undefined;
      return {
        status: 'ok',
        output: {
          findings: findings.slice(0, shownFindings),
          total: findings.length,
          ...(onset === undefined ? {} : { onset }),
          ...windows,
          series: result.items.length,
          ...(misread.length === 0 ? {} : { misread: misread.slice(0, shownMisreadings) }),
          truncated: result.truncated || findings.length > shownFindings,
        },
        raw: {
          findings,
          topology: declared,
          ...windows,
          onset,
          misread,
        },
        digest: digestOf(findings, result.items.length, where),
        kind: 'findings',
        source: source.name,
        window: read,
        entities: [...new Set(findings.map(({ entity }) => entity))].sort(),
        tainted: false,
      };
    },
  };
}

/** "n anomalies of m series: the three most severe", under 600 characters. */
export function digestOf(findings: readonly Finding[], looked: number, where: string): string {
  const worst = findings
    .slice(0, 3)
    .map(({ statement, onset }) => `${statement}${onset === undefined ? '' : ` (since ${onset})`}`);
  const text =
    findings.length === 0
      ? `Nothing departs from normal in ${looked} series (${where}).`
      : `${findings.length} findings in ${looked} series (${where}): ${worst.join('; ')}.`;
  return text.slice(0, 590);
}
