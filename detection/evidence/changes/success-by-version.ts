import type { EntityId } from '../../../domain/entity.ts';
import { entityIdOf } from '../../../domain/entity.ts';
import type { Sample, Series } from '../../../domain/signal.ts';
import { classifyMetric } from '../signals/classify-metric.ts';
import { wordsOf } from '../technologies/words-of.ts';

/** How a share of calls fared over time: calls into `entity` (by `caller`, where told), of one version or pod where the labels name it. */
export interface CallOutcome {
  entity: EntityId;
  caller?: EntityId;
  version?: string;
  pod?: string;
  /** The share of calls that failed, in [0, 1]; only times with calls. */
  failed: Sample[];
}

const versionLabels = ['version', 'destination_version', 'app_version', 'revision', 'destination_revision', 'track'];
const callerLabels = ['source', 'source_workload', 'source_service', 'caller', 'client'];
const statusLabels = ['status', 'status_code', 'response_code', 'code', 'http_status_code', 'grpc_code', 'result'];

/**
 * The share of failed calls by callee, caller, version and pod: from ready-made success or error ratios, and from counters with a status
 * label. Series of other things are left out. Cost linear.
 */
export function successByVersion(series: readonly Series[]): CallOutcome[] {
  const found: CallOutcome[] = [];
  const counted = new Map<
    string,
    { about: Omit<CallOutcome, 'failed'>; all: Map<number, number>; bad: Map<number, number> }
  >();
  for (const one of series) {
    const about = aboutOf(one);
    const failed = readyMade(one);
    if (failed !== undefined) {
      found.push({ ...about, failed });
      continue;
    }
    const status = statusLabels.map((label) => one.labels[label]).find((value) => value !== undefined);
    if (status === undefined || one.type !== 'counter' || classifyMetric(one.metric).role !== 'traffic') continue;
    const key = JSON.stringify([one.metric, about.entity, about.caller, about.version, about.pod]);
    let group = counted.get(key);
    if (group === undefined) counted.set(key, (group = { about, all: new Map(), bad: new Map() }));
    for (const [index, [at, value]] of one.samples.entries()) {
      const before = one.samples[index - 1]?.[1];
      if (before === undefined || value < before) continue;
      group.all.set(at, (group.all.get(at) ?? 0) + value - before);
      if (isFailure(status)) group.bad.set(at, (group.bad.get(at) ?? 0) + value - before);
    }
  }
  for (const { about, all, bad } of counted.values()) {
    const failed = [...all]
      .filter(([, count]) => count > 0)
      .map(([at, count]): Sample => [at, (bad.get(at) ?? 0) / count])
      .sort(([left], [right]) => left - right);
    found.push({ ...about, failed });
  }
  return found;
}

function aboutOf({ entity, labels }: Series): Omit<CallOutcome, 'failed'> {
  const pick = (names: readonly string[]): string | undefined =>
    names.map((name) => labels[name]).find((value) => value !== undefined && value !== '');
  const version = pick(versionLabels);
  const caller = pick(callerLabels);
  const pod = pick(['pod', 'destination_pod', 'instance']);
  return {
    entity,
    ...(version === undefined ? {} : { version }),
    ...(caller === undefined ? {} : { caller: entityIdOf('service', caller) }),
    ...(pod === undefined ? {} : { pod }),
  };
}

/** A gauge that is a share of calls that went well, or badly. */
function readyMade({ metric, type, unit, samples }: Series): Sample[] | undefined {
  if (type === 'counter') return undefined;
  const words = wordsOf(metric);
  const good = words.includes('success') || words.includes('successful');
  const bad = words.some((word) => ['error', 'errors', 'failure', 'failures', '5xx'].includes(word));
  const share = words.some((word) => ['ratio', 'rate', 'percent', 'pct', 'share'].includes(word));
  if (!share || good === bad) return undefined;
  const percent = unit === '%' || unit === 'percent' || samples.some(([, value]) => value > 1.5);
  return samples.map(([at, value]): Sample => {
    const part = percent ? value / 100 : value;
    return [at, good ? 1 - part : part];
  });
}

function isFailure(status: string): boolean {
  return /^5\d\d$|^(error|failed|failure|timeout|unavailable|internal|unknown)$|^(13|14|2|4)$/i.test(status);
}
