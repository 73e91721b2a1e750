import type { Clock } from '../../../../infra/runtime/clock.ts';
import { isoOf } from '../../../../infra/runtime/clock.ts';
import { CerebroError } from '../../../../infra/runtime/errors.ts';
import { createNameMatcher } from '../../../../infra/runtime/name-matcher.ts';
import { countLogs } from '../count-logs.ts';
import { parseLogLine } from '../parse-log-line.ts';
import { type NamedSeries, tableOfSeries } from '../series-table.ts';
import type { TelemetryTable } from '../telemetry-table.ts';
import type { CloudWatchApi, CloudWatchAsk } from './cloudwatch-api.ts';
import { notStatistics, periodFor, thingOf, usualStatistic } from './cloudwatch-habits.ts';
import { findLogGroups } from './find-log-groups.ts';

/** Most metrics times statistics of one query, as each is billed. */
const mostAsks = 500;
/** Most metrics that are listed. */
const listedMost = 50_000;
/** Most lines that are counted. */
const mostLines = 2_000_000;
const hour = 3_600_000;

/** What to read: a range in milliseconds with its end left out, and the distance of samples. */
export interface CloudWatchRange {
  from: number;
  to: number;
  stepMs: number;
  /** Dimension that names the entity; the most telling of AWS's own unless told. */
  entityLabel?: string | undefined;
}

/** Whether a text is a query of CloudWatch: `cloudwatch:` or `cloudwatch-logs:` in front. */
export function isCloudWatchQuery(text: string): boolean {
  return /^cloudwatch(-logs)?:/.test(text);
}

/**
 * Reads live from CloudWatch, in one of two forms:
 * `cloudwatch:AWS/EC2?metric=CPU*&statistic=Average&statistic=p99&InstanceId=i-*`: metrics of a namespace, by name, statistic (the usual one of
 * each name unless told) and dimensions, `*` standing for anything; a column is a metric, its statistic where that is not the usual one, and the
 * dimensions that do not name the entity;
 * `cloudwatch-logs:/aws/lambda/checkout`: lines, errors and warnings a step of log groups.
 * Samples are as coarse as CloudWatch still holds. Throws INPUT_INVALID for another form or one that matches more than is sensible to pay for,
 * NOT_FOUND when nothing answers, and what the API throws.
 */
export async function readLiveCloudWatch(
  deps: { clock: Clock; cloudwatch: CloudWatchApi },
  query: string,
  range: CloudWatchRange,
): Promise<TelemetryTable> {
  if (!isCloudWatchQuery(query))
    throw new CerebroError(
      'INPUT_INVALID',
      `${query} is no query of CloudWatch; write cloudwatch:<namespace>?metric=<name> or cloudwatch-logs:<log group>.`,
    );
  const place = query.slice(query.indexOf(':') + 1);
  return query.startsWith('cloudwatch-logs:')
    ? readLogs(deps.cloudwatch, place, { ...range, query })
    : readMetrics(deps, place, { ...range, query });
}

type Asked = CloudWatchRange & { query: string };

async function readMetrics(
  { clock, cloudwatch }: { clock: Clock; cloudwatch: CloudWatchApi },
  place: string,
  range: Asked,
): Promise<TelemetryTable> {
  const [namespace = '', search = ''] = place.split('?');
  const wanted = [...new URLSearchParams(search)];
  const valuesOf = (name: string): string[] => wanted.filter(([key]) => key === name).map(([, value]) => value);
  const statistics = valuesOf('statistic');
  const wrong = notStatistics(statistics);
  if (wrong !== undefined || namespace === '')
    throw new CerebroError(
      'INPUT_INVALID',
      wrong === undefined
        ? `${range.query} names no namespace; write cloudwatch:<namespace>, such as cloudwatch:AWS/EC2.`
        : wrong,
    );
  const [only, ...others] = valuesOf('metric');
  const exact = others.length === 0 && only?.includes('*') === false ? only : undefined;
  const isNamed = createNameMatcher(valuesOf('metric'));
  const dimensions = wanted
    .filter(([key]) => key !== 'metric' && key !== 'statistic')
    .map(([key, value]) => ({ key, fits: createNameMatcher([value]) }));
  const { metrics, cut } = await cloudwatch.listMetrics({ namespace, name: exact }, { most: listedMost });
  if (cut)
    throw new CerebroError(
      'INPUT_INVALID',
      `${range.query} would look through more than ${listedMost} metrics, of which the rest is not seen; name one metric without *.`,
    );
  const matching = metrics.filter(
    (metric) => isNamed(metric.name) && dimensions.every(({ key, fits }) => fits(metric.dimensions[key] ?? '')),
  );
  const asks = matching.flatMap((metric) =>
    (statistics.length === 0 ? [usualStatistic(metric.name)] : statistics).map((statistic) => ({ metric, statistic })),
  );
  if (asks.length > mostAsks)
    throw new CerebroError(
      'INPUT_INVALID',
      `${range.query} matches ${asks.length} metrics times statistics, each of which is billed; narrow it to ${mostAsks}.`,
    );
  const periodSeconds = periodFor(range.from, clock.now(), range.stepMs);
  const period = periodSeconds * 1_000;
  const span = { from: Math.floor(range.from / period) * period, to: range.to, periodSeconds };
  const { samples } = asks.length === 0 ? { samples: [] } : await cloudwatch.readMetrics(asks, span);
  const series = asks.map((ask, index): NamedSeries => {
    const kept = samples[index]!.filter(([at]) => at >= range.from && at < range.to);
    return {
      ...nameOf(ask, range.entityLabel),
      at: kept.map(([at]) => at),
      values: kept.map(([, value]) => value),
    };
  });
  const table = tableOfSeries(
    range.query,
    series.filter(({ at }) => at.length > 0),
    period,
  );
  if (table.at.length === 0) throw nothing(range);
  return table;
}

async function readLogs(cloudwatch: CloudWatchApi, place: string, range: Asked): Promise<TelemetryTable> {
  const groups = await findLogGroups(cloudwatch, place);
  const records = [];
  for (const group of groups)
    for (let from = range.from; from < range.to; from += hour) {
      const left = mostLines - records.length;
      const span = { from, to: Math.min(range.to, from + hour), most: left };
      const { events, cut } = await cloudwatch.readEvents(group, span);
      if (cut)
        throw new CerebroError(
          'INPUT_INVALID',
          `${range.query} holds more than ${mostLines} lines, or more than can be read in ${isoOf(from)} to ${isoOf(span.to)}; narrow the range or the groups.`,
        );
      for (const { message, at } of events)
        records.push({ ...parseLogLine(message, { at, source: group }), at, source: group });
    }
  if (records.length === 0) throw nothing(range);
  return countLogs(records, range.query, range.stepMs).table;
}

/** Entity and column of a series. */
function nameOf(
  { metric, statistic }: CloudWatchAsk,
  entityLabel: string | undefined,
): { entity: string; name: string } {
  const thing = thingOf(metric, entityLabel);
  const rest = Object.entries(metric.dimensions)
    .filter(([dimension]) => dimension !== thing?.dimension)
    .map(([dimension, value]) => `${dimension}=${value}`)
    .sort();
  const of = statistic === usualStatistic(metric.name) ? '' : `:${statistic}`;
  return {
    entity: thing?.name ?? 'series',
    name: `${metric.name}${of}${rest.length === 0 ? '' : `{${rest.join(',')}}`}`,
  };
}

function nothing({ query, from, to }: Asked): CerebroError {
  return new CerebroError('NOT_FOUND', `Nothing in CloudWatch answers ${query} from ${isoOf(from)} to ${isoOf(to)}.`);
}
