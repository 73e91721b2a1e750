import type { EntityId } from '../../../domain/entity.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import type { Finding } from '../../../domain/finding.ts';
import { isoOf, msOf } from '../../../infra/runtime/clock.ts';
import { countEvidence } from '../propagation/count-evidence.ts';
import type { Windows } from '../signals/detect-anomalies.ts';
import { makeFinding } from '../signals/make-finding.ts';
import { clamp, median } from '../signals/robust-statistics.ts';
import type { PlacedSpan } from './span-tree.ts';

/** Which spans of the same entity an operation opened, by name; one row a run of the operation. */
interface Run {
  at: number;
  steps: ReadonlySet<string>;
}

/** A way in which a run can miss what it usually does. */
interface Step {
  name: string;
  kind: 'step' | 'any-step' | 'shape';
  isMissed: (run: Run) => boolean;
}

/** With fewer runs than this nothing is usual. */
const fewestRuns = 8;
const fewestAfter = 5;
const chunk = 15;
/** A step counts as always taken from here on. */
const always = 0.97;
/** How sure the loss must be, in standard deviations, and the least share of runs that lose a step. */
const leastEvidence = 3.5;
const leastShare = 0.1;
/** A way of working counts as gone below this share of what was expected, of at least so many runs. */
const goneBelow = 0.3;
const fewestExpected = 8;
/** So much of what is gone must be found again in runs that do a part of it. */
const foundAgain = 0.6;
const mostShapes = 24;

/**
 * Operations that no longer take their usual steps. Of the runs of an operation: those without a child span (of the same entity, so that a
 * callee's missing telemetry does not count) which it had in at least 97 % of runs before, or without any; and, where runs differ, a whole
 * way of working (the set of steps of a run) that is gone while runs that do only a part of it came in its place. An early return or a
 * swallowed exception looks like this: nothing is slow, nothing fails, work is just not done; a change in what users ask for does not. What
 * was usual is the median over chunks of the baseline, so that an earlier incident in it does not count as usual. At most one finding an
 * operation and two an entity, the surest first. Cost linear in spans.
 */
export function findLostCalls(placed: readonly PlacedSpan[], windows: Windows): Finding[] {
  const operations = new Map<string, { entity: EntityId; name: string; runs: Run[] }>();
  for (const { span, children } of placed) {
    const key = `${span.entity}|${span.name}`;
    let operation = operations.get(key);
    if (operation === undefined) operations.set(key, (operation = { entity: span.entity, name: span.name, runs: [] }));
    const steps = new Set<string>();
    for (const child of children) if (child.span.entity === span.entity) steps.add(child.span.name);
    operation.runs.push({ at: span.startMs, steps });
  }
  const found = [...operations.values()].flatMap((operation) => judge(operation, windows));
  const byEntity = new Map<EntityId, Finding[]>();
  for (const finding of found.sort((left, right) => right.severity - left.severity || (left.id < right.id ? -1 : 1))) {
    const mine = byEntity.get(finding.entity) ?? [];
    if (mine.length < 2) byEntity.set(finding.entity, [...mine, finding]);
  }
  return [...byEntity.values()].flat();
}

function judge(operation: { entity: EntityId; name: string; runs: Run[] }, windows: Windows): Finding[] {
  const runs = operation.runs.sort((left, right) => left.at - right.at);
  const within = (from: string, to: string): Run[] => {
    const [start, end] = [msOf(from), msOf(to)];
    return runs.filter(({ at }) => at >= start && at < end);
  };
  const before = within(windows.baseline.from, windows.baseline.to);
  const after = within(windows.observed.from, windows.observed.to);
  if (before.length < fewestRuns || after.length < fewestAfter) return [];
  const chunks = chunksOf(before);
  const lost = stepsOf(chunks, before, after).flatMap((step) => {
    const one = lossOf(step, chunks, after);
    return one === undefined ? [] : [one];
  });
  return lost
    .sort((left, right) => right.evidence - left.evidence)
    .slice(0, 1)
    .map((one) => findingOf(operation, one));
}

interface Loss {
  step: Step;
  before: number;
  after: number;
  evidence: number;
  onsetMs: number;
}

function stepsOf(chunks: readonly Run[][], before: readonly Run[], after: readonly Run[]): Step[] {
  const share = (is: (run: Run) => boolean): number => usual(chunks, is);
  const steps = [...new Set(before.flatMap((run) => [...run.steps]))]
    .filter((name) => share((run) => run.steps.has(name)) >= always)
    .map((name): Step => ({ name, kind: 'step', isMissed: (run) => !run.steps.has(name) }));
  if (share((run) => run.steps.size > 0) >= always)
    steps.push({ name: 'any step', kind: 'any-step', isMissed: (run) => run.steps.size === 0 });
  return [...steps, ...goneShapes(share, before, after)];
}

/** Ways of working that are gone, with runs that do a part of them in their place. */
function goneShapes(
  share: (is: (run: Run) => boolean) => number,
  before: readonly Run[],
  after: readonly Run[],
): Step[] {
  const shapes = new Map<string, { steps: ReadonlySet<string>; count: number }>();
  for (const { steps } of before) {
    const key = [...steps].toSorted().join('|');
    const shape = shapes.get(key);
    if (shape === undefined) shapes.set(key, { steps, count: 1 });
    else shape.count += 1;
  }
  return [...shapes.values()]
    .filter(({ steps }) => steps.size > 0)
    .sort((left, right) => right.count - left.count)
    .slice(0, mostShapes)
    .flatMap(({ steps }): Step[] => {
      const isWhole = (run: Run): boolean => run.steps.size === steps.size && isPartOf(run.steps, steps);
      const isPart = (run: Run): boolean => run.steps.size < steps.size && isPartOf(run.steps, steps);
      const expected = share(isWhole);
      const seen = after.filter(isWhole).length / after.length;
      if (expected * after.length < fewestExpected || seen > goneBelow * expected) return [];
      const gained = after.filter(isPart).length / after.length - share(isPart);
      if (gained < foundAgain * (expected - seen)) return [];
      return [{ name: [...steps].toSorted().slice(0, 3).join(', '), kind: 'shape', isMissed: isPart }];
    });
}

function isPartOf(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  for (const one of part) if (!whole.has(one)) return false;
  return true;
}

function lossOf(step: Step, chunks: readonly Run[][], after: readonly Run[]): Loss | undefined {
  const base = usual(chunks, step.isMissed);
  const missed = after.filter(step.isMissed);
  const observed = missed.length / after.length;
  if (observed - base < leastShare) return undefined;
  // The usual chunk stands for all of them: an earlier incident does not make losses usual.
  const evidence = countEvidence(
    { values: chunks.map(() => base), weights: chunks.map(({ length }) => length) },
    { values: [observed], weights: [after.length] },
  );
  if (evidence < leastEvidence) return undefined;
  return { step, before: base, after: observed, evidence, onsetMs: missed[0]!.at };
}

function chunksOf(runs: readonly Run[]): Run[][] {
  const size = Math.max(chunk, Math.ceil(runs.length / 12));
  return Array.from({ length: Math.max(1, Math.floor(runs.length / size)) }, (_, index) =>
    runs.slice(index * size, (index + 1) * size),
  );
}

function usual(chunks: readonly Run[][], is: (run: Run) => boolean): number {
  return median(chunks.map((runs) => runs.filter(is).length / runs.length));
}

function findingOf(
  operation: { entity: EntityId; name: string },
  { step, before, after, evidence, onsetMs }: Loss,
): Finding {
  const name = entityNameOf(operation.entity);
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  const what =
    step.kind === 'step'
      ? `${operation.name} of ${name} no longer does ${step.name}`
      : step.kind === 'any-step'
        ? `${operation.name} of ${name} returns without doing anything`
        : `${operation.name} of ${name} stops before ${step.name}`;
  const certainty = clamp(evidence / 12, 0, 1);
  return makeFinding({
    kind: 'span-shift',
    entity: operation.entity,
    signal: { type: 'span', role: 'traffic', name: 'lost-calls', labels: { operation: operation.name } },
    statement: `${what} in ${percent(after)} of its runs (before: ${percent(before)})`,
    direction: 'down',
    onset: isoOf(onsetMs),
    effect: { baseline: before, observed: after, size: evidence },
    severity: (step.kind === 'shape' ? 0.85 : 1) * clamp(0.35 + 0.35 * certainty + 0.3 * after, 0, 1),
    data: { aspect: 'lost-calls', side: 'server', unit: 'ratio', step: step.name },
  });
}
