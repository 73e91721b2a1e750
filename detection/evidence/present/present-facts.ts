import { entityNameOf } from '../../../domain/entity.ts';
import type { Finding } from '../../../domain/finding.ts';
import type { Series } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import { classifyMetric } from '../signals/classify-metric.ts';
import { plainName } from '../signals/describe-shift.ts';
import { makeFinding } from '../signals/make-finding.ts';
import { readVitals } from '../vitals/read-vitals.ts';
import type { Vital } from '../vitals/vital.ts';

/** So many looks back to see since when it is so. */
const looksBack = 24;
/** What has been so through a history as long as this is how it always is. */
const longHistoryMs = 3_600_000;
/** Told whatever the history: nobody means a thing to be down, and what is full is full. */
const weights = { down: 0.6, full: 0.5, other: 0.4 };
const always = 0.2;

/**
 * What is bad now by its meaning alone, whatever was usual: down, a limit all but reached, an end about to come. Since when is told as far as
 * the samples reach; what was so through an hour and more of them is how it always is and weighs next to nothing (`data.always`). Only what a
 * table knows or is named by convention counts. Worst first. Cost: a look at the vitals, and a few at those that are bad.
 */
export function presentFacts(series: readonly Series[], nowMs: number): Finding[] {
  const bad = readVitals(series, nowMs).filter((one) => one.tone === 'bad' && (one.known || one.facet === 'up'));
  return bad
    .slice(0, 40)
    .flatMap((one) => factOf(one, series, nowMs) ?? [])
    .sort((left, right) => right.severity - left.severity || (left.id < right.id ? -1 : 1));
}

function factOf(vital: Vital, all: readonly Series[], nowMs: number): Finding | undefined {
  const own = all.filter(({ entity, metric }) => entity === vital.entity && vital.metrics.includes(metric));
  const reach = reachOf(own, nowMs);
  if (reach === undefined) return undefined;
  const [first, newest] = reach;
  const { since, changed } = sinceOf(vital, own, [first, newest]);
  const wasAlways = !changed && newest - first >= longHistoryMs;
  const kind = vital.facet === 'up' ? 'down' : vital.share === undefined ? 'other' : 'full';
  const { role } = classifyMetric(vital.metrics[0] ?? '', vital.unit);
  const observed = vital.share ?? vital.value;
  const name = entityNameOf(vital.entity);
  const part = Object.values(vital.labels).slice(0, 2).map(plainName).join(', ');
  const of = `${name}${part === '' ? '' : ` (${part})`}`;
  return makeFinding({
    kind: 'anomaly',
    entity: vital.entity,
    signal: {
      type: 'metric',
      role: kind === 'down' ? 'availability' : role,
      name: vital.metrics[0] ?? '',
      ...(part === '' ? {} : { labels: vital.labels }),
    },
    statement: `${statementOf(vital, of)}${wasAlways ? ', as all along' : ''}`,
    direction: kind === 'down' ? 'down' : 'up',
    onset: isoOf(since),
    effect: { baseline: kind === 'down' ? 1 : 0.8, observed, size: kind === 'down' ? -6 : 6 },
    severity: wasAlways ? always : weights[kind] + (changed ? 0.2 : 0),
    data: {
      aspect: kind === 'down' ? 'up' : kind === 'full' ? 'saturation' : vital.facet,
      present: true,
      ...(wasAlways ? { always: true } : {}),
    },
  });
}

/** The first and the newest sample of some series; undefined where they no longer come, which says nothing of now. */
function reachOf(own: readonly Series[], nowMs: number): [number, number] | undefined {
  const first = Math.min(...own.map(({ samples }) => samples[0]?.[0] ?? nowMs));
  const newest = Math.max(...own.map(({ samples }) => samples.at(-1)?.[0] ?? first));
  return !(newest > first) || nowMs - newest > Math.max(120_000, 0.2 * (nowMs - first)) ? undefined : [first, newest];
}

function statementOf({ facet, subject, share, value, limit }: Vital, of: string): string {
  const what = plainWords(subject);
  if (facet === 'up') return `${of} is down now: ${what} is 0`;
  if (share !== undefined)
    return `${what} of ${of} is at ${Math.round(share * 100)} % of its limit now (${Number(value.toPrecision(4))} of ${Number((limit ?? 0).toPrecision(4))})`;
  if (facet === 'moment') return `${what} of ${of} ends in ${Math.round(value / 3_600)} hours`;
  return `${what} of ${of} is ${Number(value.toPrecision(4))} now`;
}

function plainWords(text: string): string {
  return text.replaceAll(/[^\w .:/%-]/g, '').slice(0, 80);
}

/** The earliest look from which on it was bad without a break; whether a look before it was not. */
function sinceOf(
  vital: Vital,
  own: readonly Series[],
  [first, newest]: readonly [number, number],
): { since: number; changed: boolean } {
  const isBadAt = (at: number): boolean | undefined => {
    const then = own.map((one) => ({ ...one, samples: one.samples.filter(([time]) => time <= at) }));
    const same = readVitals(
      then.filter(({ samples }) => samples.length > 0),
      at,
    ).find(
      ({ facet, metrics, labels }) =>
        facet === vital.facet &&
        metrics.join() === vital.metrics.join() &&
        JSON.stringify(labels) === JSON.stringify(vital.labels),
    );
    return same === undefined ? undefined : same.tone === 'bad';
  };
  let since = newest;
  for (let look = 1; look <= looksBack; look += 1) {
    const at = newest - (look / looksBack) * (newest - first);
    const was = isBadAt(at);
    if (was === false) return { since, changed: true };
    if (was === true) since = at;
  }
  return { since, changed: false };
}
