/** What is told of a metric beside its name: by the source that holds it, and by the rules that read it. */
export interface MetricHints {
  /** TYPE, HELP and UNIT as the exposition or the metadata API gives them. */
  type?: string;
  help?: string;
  unit?: string;
  /** Whether its values never fell but for resets, where they were seen. */
  monotone?: boolean;
  use?: MetricUse;
  /** Other metrics that are there, for partners. */
  others?: ReadonlySet<string>;
}

/** How rules use a metric. */
export interface MetricUse {
  /** Taken by `rate`, `increase`, `irate` or `resets`. */
  counted: boolean;
  /** Taken by `delta`, `deriv` or `predict_linear`: what may fall. */
  levelled: boolean;
  /** Subtracted from the time, or set against it. */
  clocked: boolean;
  /** Read by `histogram_quantile`. */
  bucketed: boolean;
  /** What it is divided by, and what divides by it; with `rest` where it is divided by a sum with itself. */
  dividedBy: { metric: string; rest: boolean }[];
  /** A level that is divided by this one, or held against a share of it. */
  divides?: string;
  /** Selected by the label `quantile`. */
  quantiled: boolean;
  /** Which side of a threshold is alarming: above, below; and constants that it is compared with for equality. */
  alarms: ('above' | 'below')[];
  equals: number[];
  /** Labels by which rules name what it is about. */
  labels: string[];
  /** Texts of the alerts that read it. */
  texts: string[];
}
