import type { CloudWatchMetric } from './cloudwatch-api.ts';

const minute = 60;
const hour = 3_600_000;
const day = 24 * hour;
const fine = [1, 5, 10, 20, 30];

/**
 * The period in seconds to ask for: the finest that CloudWatch still holds for data from `from` on (1 minute for 15 days, 5 minutes for 63
 * days, 1 hour for 455 days), no finer than `stepMs`. Below a minute only within the last 3 hours, where a metric has such resolution.
 */
export function periodFor(from: number, now: number, stepMs: number): number {
  const age = now - from;
  const held = age <= 15 * day ? minute : age <= 63 * day ? 5 * minute : 60 * minute;
  const seconds = stepMs / 1_000;
  if (seconds > 0 && seconds < minute && age <= 3 * hour) return fine.find((one) => one >= seconds) ?? minute;
  return Math.max(held, Math.ceil(seconds / held) * held);
}

const counted =
  /(^|[a-z_ ])(Count|Counts|Requests|Errors|Invocations|Throttles|Failures|Faults|Retries|Timeouts|Sent|Received|Deleted|Bytes(In|Out|Read|Written)?|Packets(In|Out)?|Ops)$|[45]XX|[45]xx|_total$/;
const levels = /(Healthy|Unhealthy|Running|Pending|Desired)[A-Za-z]*Count$|Visible$|Connections?(Count)?$|^Concurrent/;

/**
 * The statistic that tells most of a metric by the habit of its name: `Sum` of what is counted by the event (requests, errors, bytes), else
 * `Average`: of a 5XX count the average is always 1.
 */
export function usualStatistic(name: string): string {
  return counted.test(name) && !levels.test(name) ? 'Sum' : 'Average';
}

/** A statistic as GetMetricData takes it: the five plain ones, percentiles and trimmed statistics. */
export function isStatistic(text: string): boolean {
  return /^(Average|Sum|Minimum|Maximum|SampleCount|IQM|(p|tm|wm|tc|ts)\d{1,2}(\.\d{1,10})?|p100|(TM|WM|PR|TC|TS)\([\d.%:]+\))$/.test(
    text,
  );
}

/** What is wrong with statistics of which one is none; undefined where all are. */
export function notStatistics(statistics: readonly string[]): string | undefined {
  const wrong = statistics.find((one) => !isStatistic(one));
  return wrong === undefined
    ? undefined
    : `${wrong} is no statistic of CloudWatch; Average, Sum, Minimum, Maximum, SampleCount, p99 or tm95 are.`;
}

/** Which dimension names the thing that a metric is of, the most telling first, and what it is. */
const dimensions = [
  ['ServiceName', 'service'],
  ['service.name', 'service'],
  ['Service', 'service'],
  ['service', 'service'],
  ['FunctionName', 'service'],
  ['ApiName', 'gateway'],
  ['QueueName', 'queue'],
  ['TopicName', 'queue'],
  ['StreamName', 'queue'],
  ['TableName', 'database'],
  ['DBInstanceIdentifier', 'database'],
  ['DBClusterIdentifier', 'database'],
  ['CacheClusterId', 'cache'],
  ['ReplicationGroupId', 'cache'],
  ['TargetGroup', 'service'],
  ['LoadBalancer', 'gateway'],
  ['LoadBalancerName', 'gateway'],
  ['PodName', 'pod'],
  ['NodeName', 'node'],
  ['InstanceId', 'host'],
  ['host', 'host'],
  ['VolumeId', 'volume'],
  ['FileSystemId', 'volume'],
  ['AutoScalingGroupName', 'workload'],
  ['ClusterName', 'other'],
] as const;

/** The thing that a metric is of, by its dimensions; `named` is a dimension that the user says names the service. Undefined where none is known. */
export function thingOf(
  metric: CloudWatchMetric,
  named?: string,
): { dimension: string; kind: (typeof dimensions)[number][1]; name: string } | undefined {
  const all = named === undefined ? dimensions : ([[named, 'service'], ...dimensions] as const);
  for (const [dimension, kind] of all) {
    const value = metric.dimensions[dimension];
    if (value === undefined || value === '') continue;
    // `app/shop/50dc6c495c0c9188` and `targetgroup/checkout/943f017f100becff`.
    const name = /^(?:app|net|gwy|targetgroup)\/([^/]+)\/[0-9a-f]+$/.exec(value)?.[1] ?? value;
    return { dimension, kind, name };
  }
  return undefined;
}
