import type * as metricsSdk from '@aws-sdk/client-cloudwatch';
import type * as logsSdk from '@aws-sdk/client-cloudwatch-logs';
import type { Clock } from '../../../../infra/runtime/clock.ts';
import { awsErrorOf } from './aws-error.ts';

import type { CloudWatchApi, CloudWatchEvent, CloudWatchMetric } from './cloudwatch-api.ts';

export interface CloudWatchOptions {
  /** Unless told, from AWS's chain (AWS_REGION, profile). */
  region?: string | undefined;
  /** Another address than AWS's own: VPC endpoints and tests. */
  url?: string | undefined;
  /** Milliseconds that one call may take, its retries included; default 30 s. */
  timeoutMs?: number | undefined;
  /** Attempts at a call that is throttled or fails, with growing pauses; default 5. */
  attempts?: number | undefined;
}

/** GetMetricData takes so many queries a request, and answers them in pages. */
const queriesAtOnce = 500;
/** Logs Insights takes so many groups a query. */
const groupsAtOnce = 50;
const pagesMax = 200;
const pollMs = 400;
const pollTimeoutMs = 60_000;

/**
 * Opens CloudWatch's metrics and logs. The AWS clients are loaded on first use; credentials come only from AWS's default chain. The clients
 * repeat throttled and failed calls themselves, with exponential pauses and jitter ("standard" retry mode).
 */
export function openCloudWatch(deps: { clock: Clock }, options: CloudWatchOptions = {}): CloudWatchApi {
  const { timeoutMs = 30_000, attempts = 5 } = options;
  const common = {
    maxAttempts: attempts,
    ...(options.region === undefined ? {} : { region: options.region }),
    ...(options.url === undefined ? {} : { endpoint: options.url }),
  };
  let metrics: Promise<{ sdk: typeof metricsSdk; client: metricsSdk.CloudWatchClient }> | undefined;
  let logs: Promise<{ sdk: typeof logsSdk; client: logsSdk.CloudWatchLogsClient }> | undefined;
  const loadMetrics = () =>
    (metrics ??= import('@aws-sdk/client-cloudwatch').then((sdk) => ({
      sdk,
      client: new sdk.CloudWatchClient(common),
    })));
  const loadLogs = () =>
    (logs ??= import('@aws-sdk/client-cloudwatch-logs').then((sdk) => ({
      sdk,
      client: new sdk.CloudWatchLogsClient(common),
    })));

  /** Makes one call within the time limit and turns what it throws into an error of ours. */
  const call = async <T>(
    what: string,
    signal: AbortSignal | undefined,
    send: (options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> => {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      return await send({ abortSignal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) });
    } catch (thrown) {
      throw awsErrorOf(timeout.aborted ? timeout.reason : thrown, what, signal);
    }
  };

  return {
    async listMetrics({ namespace, name }, { most, signal }) {
      const { sdk, client } = await loadMetrics();
      const found: CloudWatchMetric[] = [];
      let token: string | undefined;
      do {
        const input = { Namespace: namespace, MetricName: name, NextToken: token };
        const page = await call('CloudWatch ListMetrics', signal, (http) =>
          client.send(new sdk.ListMetricsCommand(input), http),
        );
        for (const { Namespace = '', MetricName = '', Dimensions = [] } of page.Metrics ?? [])
          found.push({ namespace: Namespace, name: MetricName, dimensions: dimensionsOf(Dimensions) });
        token = page.NextToken === '' ? undefined : page.NextToken;
      } while (token !== undefined && found.length < most);
      return { metrics: found.slice(0, most), cut: token !== undefined || found.length > most };
    },

    async readMetrics(asks, { from, to, periodSeconds }, signal) {
      const { sdk, client } = await loadMetrics();
      const samples: [number, number][][] = asks.map(() => []);
      const notes = new Set<string>();
      for (let first = 0; first < asks.length; first += queriesAtOnce) {
        const queries = asks.slice(first, first + queriesAtOnce).map(({ metric, statistic }, place) => ({
          Id: `m${first + place}`,
          MetricStat: {
            Metric: awsMetricOf(metric),
            Period: periodSeconds,
            Stat: statistic,
          },
        }));
        let token: string | undefined;
        do {
          const input = {
            StartTime: new Date(from),
            EndTime: new Date(to),
            ScanBy: sdk.ScanBy.TIMESTAMP_ASCENDING,
            MetricDataQueries: queries,
            NextToken: token,
          };
          const page = await call('CloudWatch GetMetricData', signal, (http) =>
            client.send(new sdk.GetMetricDataCommand(input), http),
          );
          for (const { Id = '', Timestamps = [], Values = [], StatusCode } of page.MetricDataResults ?? []) {
            const ask = Number(Id.slice(1));
            for (const [place, at] of Timestamps.entries()) samples[ask]?.push([at.getTime(), Values[place] ?? NaN]);
            if (StatusCode === 'InternalError' || StatusCode === 'Forbidden')
              notes.add(`CloudWatch gave no data of ${asks[ask]?.metric.name}: ${StatusCode}`);
          }
          for (const { Code, Value } of page.Messages ?? []) notes.add(`CloudWatch: ${Code}: ${Value}`);
          token = page.NextToken === '' ? undefined : page.NextToken;
        } while (token !== undefined);
      }
      for (const one of samples) one.sort((left, right) => left[0] - right[0]);
      return { samples, notes: [...notes] };
    },

    async readUnit(metric, { from, to }, signal) {
      const { sdk, client } = await loadMetrics();
      // One datapoint over the whole span, whose period is in whole minutes.
      const Period = Math.min(86_400, Math.ceil((to - from) / 60_000) * 60);
      const input = {
        ...awsMetricOf(metric),
        StartTime: new Date(to - Period * 1_000),
        EndTime: new Date(to),
        Period,
        Statistics: [sdk.Statistic.SampleCount],
      };
      const { Datapoints = [] } = await call('CloudWatch GetMetricStatistics', signal, (http) =>
        client.send(new sdk.GetMetricStatisticsCommand(input), http),
      );
      const unit = Datapoints[0]?.Unit;
      return unit === undefined || unit === 'None' ? undefined : unit;
    },

    async listLogGroups(prefix, signal) {
      const { sdk, client } = await loadLogs();
      const found: string[] = [];
      let token: string | undefined;
      do {
        const input = { nextToken: token, ...(prefix === '' ? {} : { logGroupNamePrefix: prefix }) };
        const page = await call('CloudWatch Logs DescribeLogGroups', signal, (http) =>
          client.send(new sdk.DescribeLogGroupsCommand(input), http),
        );
        found.push(...(page.logGroups ?? []).flatMap(({ logGroupName }) => logGroupName ?? []));
        token = page.nextToken;
      } while (token !== undefined && found.length < 10_000);
      return found;
    },

    async readEvents(group, { from, to, most }, signal) {
      const { sdk, client } = await loadLogs();
      const found: CloudWatchEvent[] = [];
      let token: string | undefined;
      for (let page = 0; page < pagesMax; page += 1) {
        const input = {
          logGroupName: group,
          startTime: from,
          // The service takes the end in, we leave it out.
          endTime: to - 1,
          limit: Math.min(10_000, most),
          nextToken: token,
        };
        const reply = await call(`CloudWatch Logs FilterLogEvents of ${group}`, signal, (http) =>
          client.send(new sdk.FilterLogEventsCommand(input), http),
        );
        for (const { timestamp, message = '' } of reply.events ?? [])
          if (timestamp !== undefined) found.push({ at: timestamp, message, group });
        token = reply.nextToken;
        // A page may be empty though more follow.
        if (token === undefined || found.length >= most) break;
      }
      found.sort((left, right) => left.at - right.at);
      return { events: found.slice(0, most), cut: token !== undefined || found.length > most };
    },

    async queryEvents(groups, { from, to, query }, signal) {
      const { sdk, client } = await loadLogs();
      const found: CloudWatchEvent[] = [];
      for (let first = 0; first < groups.length; first += groupsAtOnce) {
        const input = {
          logGroupNames: groups.slice(first, first + groupsAtOnce),
          startTime: Math.floor(from / 1_000),
          endTime: Math.ceil(to / 1_000),
          queryString: query,
        };
        const { queryId } = await call('CloudWatch Logs StartQuery', signal, (http) =>
          client.send(new sdk.StartQueryCommand(input), http),
        );
        const started = deps.clock.monotonic();
        try {
          for (;;) {
            const { status, results = [] } = await call('CloudWatch Logs GetQueryResults', signal, (http) =>
              client.send(new sdk.GetQueryResultsCommand({ queryId }), http),
            );
            if (status === 'Complete') {
              found.push(...results.flatMap(eventOf));
              break;
            }
            if (status !== 'Running' && status !== 'Scheduled' && status !== 'Unknown')
              throw awsErrorOf(new Error(`the query ended as ${status}`), 'CloudWatch Logs Insights');
            if (deps.clock.monotonic() - started > pollTimeoutMs)
              throw awsErrorOf(new DOMException('', 'TimeoutError'), 'CloudWatch Logs Insights');
            await deps.clock.sleep(pollMs, signal);
          }
        } catch (thrown) {
          // A query that nobody waits for goes on being billed.
          await call('CloudWatch Logs StopQuery', undefined, (http) =>
            client.send(new sdk.StopQueryCommand({ queryId }), http),
          ).catch(() => undefined);
          throw awsErrorOf(thrown, 'CloudWatch Logs Insights', signal);
        }
      }
      return found;
    },

    close() {
      for (const loaded of [metrics, logs]) void loaded?.then(({ client }) => client.destroy()).catch(() => undefined);
    },
  };
}

function awsMetricOf({ namespace, name, dimensions }: CloudWatchMetric): {
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: string }[];
} {
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
}

function dimensionsOf(
  list: readonly { Name?: string | undefined; Value?: string | undefined }[],
): Record<string, string> {
  return Object.fromEntries(list.map(({ Name = '', Value = '' }) => [Name, Value]));
}

/** One row of a query that asks for `@timestamp`, `@message` and `@log`; rows without a time or text are left out. */
function eventOf(row: readonly { field?: string | undefined; value?: string | undefined }[]): CloudWatchEvent[] {
  const value = (name: string): string | undefined => row.find(({ field }) => field === name)?.value;
  const text = value('@timestamp') ?? '';
  // `2026-03-01 10:00:00.000`, in UTC.
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(`${text.replace(' ', 'T')}Z`);
  const message = value('@message');
  if (Number.isNaN(at) || message === undefined) return [];
  // `@log` is `<account>:<group>`.
  return [{ at, message, group: (value('@log') ?? '').replace(/^\d+:/, '') }];
}
