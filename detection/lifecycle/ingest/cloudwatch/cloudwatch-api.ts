/** A metric as CloudWatch knows it. */
export interface CloudWatchMetric {
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, string>>;
}

/** One statistic of a metric. `statistic` is `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, `p99`, `tm95`, ... */
export interface CloudWatchAsk {
  metric: CloudWatchMetric;
  statistic: string;
}

/** A stretch of time in milliseconds, the end left out, and the period in seconds. */
export interface CloudWatchSpan {
  from: number;
  to: number;
  periodSeconds: number;
}

export interface CloudWatchEvent {
  at: number;
  message: string;
  group: string;
}

/** The calls of CloudWatch that reading needs, pages followed. Read only. Errors as `awsErrorOf` says. */
export interface CloudWatchApi {
  /** Metrics that got data in the last two weeks, at most `most`; `cut` says that there are more. */
  listMetrics(
    filter: { namespace?: string | undefined; name?: string | undefined },
    options: { most: number; signal?: AbortSignal | undefined },
  ): Promise<{ metrics: CloudWatchMetric[]; cut: boolean }>;
  /** Samples of each ask, in its order and in order of time; `notes` tell what CloudWatch gave in part. Billed by the metric. */
  readMetrics(
    asks: readonly CloudWatchAsk[],
    span: CloudWatchSpan,
    signal?: AbortSignal,
  ): Promise<{ samples: [number, number][][]; notes: string[] }>;
  /** The unit in which a metric was given over a span (`Seconds`, `Milliseconds`, `Bytes`, ...), which GetMetricData does not tell; undefined where it has none. */
  readUnit(
    metric: CloudWatchMetric,
    span: { from: number; to: number },
    signal?: AbortSignal,
  ): Promise<string | undefined>;
  /** Names of log groups that begin so. */
  listLogGroups(prefix: string, signal?: AbortSignal): Promise<string[]>;
  /** Events of a group, oldest first, until `most` were read; `cut` says that there are more. */
  readEvents(
    group: string,
    span: { from: number; to: number; most: number },
    signal?: AbortSignal,
  ): Promise<{ events: CloudWatchEvent[]; cut: boolean }>;
  /** Logs Insights: runs a query over groups until it is done. Oldest first if the query sorts so. Billed by the bytes scanned. */
  queryEvents(
    groups: readonly string[],
    span: { from: number; to: number; query: string },
    signal?: AbortSignal,
  ): Promise<CloudWatchEvent[]>;
  close(): void;
}
