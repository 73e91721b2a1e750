import type {
  CloudWatchApi,
  CloudWatchAsk,
  CloudWatchSpan,
} from '../../detection/lifecycle/ingest/cloudwatch/cloudwatch-api.ts';
import type { Clock } from '../../infra/runtime/clock.ts';
import { canonicalJson } from '../../infra/runtime/canonical-json.ts';

interface Kept {
  readAt: number;
  from: number;
  to: number;
  samples: [number, number][];
}

/** Longer stretches are read once, for history, and not kept. */
const longestKeptMs = 6 * 3_600_000;
const mostKept = 20_000;

/**
 * Reads metrics as the API does, but asks for each of them again only after `refreshMs`: CloudWatch bills by the metric read, however short the
 * stretch, and a standing watch reads the same moving stretch every few seconds. What was read answers a later read that begins no earlier.
 */
export function createThriftyReader(
  { clock, cloudwatch }: { clock: Clock; cloudwatch: CloudWatchApi },
  { refreshMs }: { refreshMs: number },
): Pick<CloudWatchApi, 'readMetrics'> {
  const kept = new Map<string, Kept>();
  return {
    async readMetrics(asks, span, signal) {
      const now = clock.now();
      const keys = asks.map((ask) => keyOf(ask, span));
      const answers = (one: Kept | undefined): one is Kept =>
        one !== undefined &&
        now - one.readAt < refreshMs &&
        one.from <= span.from &&
        // It reached to the present when it was read, so that what it lacks is younger than `refreshMs`.
        (one.to >= span.to || one.to >= one.readAt);
      const missing = asks.filter((_, place) => !answers(kept.get(keys[place]!)));
      const { samples, notes } =
        missing.length === 0 ? { samples: [], notes: [] } : await cloudwatch.readMetrics(missing, span, signal);
      const fresh = new Map(missing.map((ask, place) => [keyOf(ask, span), samples[place]!]));
      const found = keys.map((key) => fresh.get(key) ?? kept.get(key)?.samples ?? []);
      if (span.to - span.from <= longestKeptMs) {
        if (kept.size + fresh.size > mostKept) kept.clear();
        for (const [key, read] of fresh) kept.set(key, { readAt: now, from: span.from, to: span.to, samples: read });
      }
      const within = ([at]: [number, number]): boolean => at >= span.from && at < span.to;
      return { samples: found.map((one) => one.filter(within)), notes };
    },
  };
}

function keyOf({ metric, statistic }: CloudWatchAsk, { periodSeconds }: CloudWatchSpan): string {
  return `${canonicalJson(metric)} ${statistic} ${periodSeconds}`;
}
