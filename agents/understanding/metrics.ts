import type { SignalRole } from '../../domain/finding.ts';
import { nameWords, singularsOf, type Token } from './tokens.ts';

/** What a question asks to see or complains of. `complaint` is true for words of trouble ("slow", "failing"), false for plain nouns. */
export interface MetricMention {
  metric: string;
  complaint: boolean;
}

interface RoleWords {
  role: SignalRole;
  nouns: RegExp;
  complaints?: RegExp;
}

/** Everyday words for signal roles, the more telling roles first: "requests are slow" asks about latency, not traffic. */
const roles: readonly RoleWords[] = [
  { role: 'lock', nouns: /\b(?:lock wait|locks held)\b/u, complaints: /\b(?:locks?|locked|locking|deadlock(?:s|ed)?|lock contention|contention)\b/u },
  { role: 'file-handles', nouns: /\b(?:file (?:handles?|descriptors?)|fds?|open files?|handles)\b/u, complaints: /\btoo many open files\b/u },
  { role: 'event-loop', nouns: /\bevent[ -]?loop\b/u },
  { role: 'pool', nouns: /\b(?:(?:connection |db |thread )?pools?|connections?|conns?)\b/u, complaints: /\bpool (?:exhausted|exhaustion|full)\b/u },
  { role: 'retries', nouns: /\b(?:retries|retry rate)\b/u, complaints: /\b(?:retry storm|retrying)\b/u },
  { role: 'database-latency', nouns: /\bquery (?:times?|latency|duration)\b|\bslowest (?:dbs?|databases?|quer(?:y|ies))\b|\b(?:dbs?|databases?) (?:is|are) (?:the )?slowest\b/u, complaints: /\bslow (?:quer(?:y|ies)|sql)\b/u },
  { role: 'cache', nouns: /\b(?:cache|caching|hit (?:rate|ratio)|cache (?:hits?|misses)|miss (?:rate|ratio)|evictions?)\b/u, complaints: /\b(?:stampedes?|cache miss(?:es|ing)?)\b/u },
  { role: 'queue', nouns: /\b(?:queues?(?: (?:depth|length|size))?|backlogs?|(?:consumer )?lag|depth|unacked|in-?flight messages)\b/u, complaints: /\b(?:pil(?:ing|ed|es) up|backed up|backing up|queue(?:ing|ing up)|stuck (?:messages|jobs)|not (?:being )?consum(?:ed|ing))\b/u },
  { role: 'host-cpu', nouns: /\b(?:load average|steal(?: time)?|host cpu)\b/u, complaints: /\bnois(?:y|iest) neighbou?rs?\b/u },
  { role: 'cpu', nouns: /\b(?:cpus?|processor|cores?)\b/u, complaints: /\b(?:throttl(?:ed|ing)|pegged|cpu bound|hot loop)\b/u },
  { role: 'memory', nouns: /\b(?:memory|mem|ram|heap|rss|gc)\b/u, complaints: /\b(?:leak(?:s|ing|y)?|oom(?:s|ed|ing|killed|kills?)?|out of (?:memory|mem|ram))\b/u },
  { role: 'disk', nouns: /\b(?:disks?|disk (?:space|usage)|storage|file ?systems?|inodes?|iops|space)\b/u, complaints: /\b(?:disk full|(?:nearly|almost|completely|is|are|was) full|out of (?:disk|space|storage)|filling up|no space)\b/u },
  { role: 'restarts', nouns: /\b(?:restarts|reboots|restart count|crashes)\b/u, complaints: /\b(?:restarting|restarted|rebooting|rebooted|crash(?:ed|ing)?|crash ?loop(?:s|ing|backoff|ed)?|bouncing|flapping)\b/u },
  { role: 'errors', nouns: /\b(?:errors?|error (?:rate|ratio|count)s?|failures?|failure rate|5xxs?|4xxs?|exceptions?|success rate)\b/u, complaints: /^(?!.*@t).*\b[45]xxs?\b(?! (?:rate|ratio|count|share|percent))|\b(?:erroring|erring|failing|failed|fails?|[45]\d\ds?|throwing|throws|bad requests?|rejected|rejecting|declin(?:ed|ing))\b/u },
  { role: 'latency', nouns: /\b(?:latenc(?:y|ies)|p(?:50|75|9\d{1,3})s?|percentiles?|response times?|durations?|rt|slowest|median|page loads?|load times?)\b/u, complaints: /\b(?:slow(?:er|ly|ness|ing|ed)?|sluggish|buffering|stutter(?:s|ing)?|freez(?:es|ing)|lagg(?:y|ing)|time ?outs?|timed out|timing out|time out|hang(?:s|ing)?|hung|crawl(?:s|ing)?|delay(?:s|ed)?|takes? (?:too long|forever|ages|long)|taking (?:too long|forever|ages|so long|long))\b/u },
  { role: 'availability', nouns: /\b(?:availability|uptime|(?:is|are|was|were|still|back) (?:the )?(?:@e(?: and)? )+(?:back )?up)\b/u, complaints: /(?<!\b(?:slow|slowed|slowing|drill|break|broken|scale|scaled|scaling|shut|calm) )\b(?:down|outages?|unavailable|unreachable|offline|dead|died|stopped|unresponsive|not responding|not answering|downtime)\b/u },
  { role: 'network', nouns: /\b(?:network|bandwidth|packets?|dns|tcp|egress|ingress traffic)\b/u, complaints: /\bpacket loss\b/u },
  { role: 'database-work', nouns: /\b(?:queries(?: per second)?|qps on (?:the )?(?:db|database))\b/u },
  { role: 'traffic', nouns: /\b(?:traffic|rps|qps|tps|reqs?|throughput|request(?:s)?(?: rate| count| volume)?|load|volume|bus(?:y|ier)|calls per \w+|hits)\b/u },
]; // prettier-ignore

const unitWords = new Set([
  'total',
  'seconds',
  'bytes',
  'ratio',
  'count',
  'sum',
  'bucket',
  'used',
  'ms',
  'milliseconds',
  'percent',
  'current',
  'info',
]);

/** The role words of a line of words (entities written as @e), or undefined. The complaint is told even where a noun stands beside it. */
export function roleMention(line: string): MetricMention | undefined {
  for (const { role, nouns, complaints } of roles) {
    const complaint = complaints?.test(line) === true;
    if (complaint || nouns.test(line)) return { metric: role, complaint };
  }
  return undefined;
}

/** The known metric whose own name was written: as it is, or its words in order ("cart abandonment ratio"), the longest first. */
export function namedMetric(
  tokens: readonly Token[],
  metrics: readonly string[],
): { metric: string; tokens: number[] } | undefined {
  const exact = new Map(metrics.map((metric) => [metric.toLowerCase(), metric]));
  for (const [index, token] of tokens.entries()) {
    const metric = exact.get(token.text.toLowerCase());
    if (metric !== undefined && /[_.:]|\d/u.test(metric)) return { metric, tokens: [index] };
  }
  const words = tokens.map((token) => nameWords(token.text));
  const flat = words.flatMap((list, index) => list.map((word) => ({ word, index })));
  let best: { metric: string; tokens: number[] } | undefined;
  for (const metric of metrics) {
    const parts = nameWords(metric);
    const core = parts.filter((word) => !unitWords.has(word));
    const wanted = core.length >= 2 ? core : parts;
    if (wanted.length < 2 || wanted.length <= (best?.tokens.length ?? 0)) continue;
    const at = flat.findIndex((_, start) => wanted.every((word, step) => sameWord(flat[start + step]?.word, word)));
    if (at >= 0) best = { metric, tokens: wanted.map((_, step) => flat[at + step]?.index ?? 0) };
  }
  return best;
}

function sameWord(typed: string | undefined, wanted: string): boolean {
  return (
    typed !== undefined &&
    (typed === wanted || singularsOf(typed).includes(wanted) || singularsOf(wanted).includes(typed))
  );
}
