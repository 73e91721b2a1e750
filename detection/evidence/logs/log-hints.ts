/** What the words of a log line hint at: a fault kind of the catalogue, of the writer itself or of the peer that it speaks of. */
export interface LogHint {
  pattern: RegExp;
  faultKind: string;
  of: 'self' | 'peer';
}

/** Phrases of operating systems, run times, databases and protocols; general knowledge, no product's own messages. First match wins. */
export const logHints: readonly LogHint[] = [
  {
    pattern:
      /\bENOSPC\b|no space left on device|disk (is )?full|quota exceeded|SQLITE_FULL|volume (is )?full|(ran )?out of (storage|disk)( space)?|insufficient (storage|disk) space/i,
    faultKind: 'disk-full',
    of: 'self',
  },
  { pattern: /\bEMFILE\b|\bENFILE\b|too many open files|file descriptor limit/i, faultKind: 'handle-leak', of: 'self' },
  {
    pattern: /heap out of memory|out of memory|OutOfMemory|\bENOMEM\b|OOM[- ]?kill|memory limit|reached heap limit/i,
    faultKind: 'out-of-memory',
    of: 'self',
  },
  {
    pattern:
      /(pool|connection).{0,40}(exhaust|timed? ?out|timeout)|(timed? ?out|timeout|waiting).{0,40}\bpool\b|no (free|available) connections?|too many (connections|clients)|remaining connection slots|PoolTimeout/i,
    faultKind: 'pool-exhaustion',
    of: 'self',
  },
  {
    pattern:
      /database is locked|SQLITE_BUSY|lock (wait )?timeout|deadlock|could not obtain lock|waiting for .{0,20}lock|lock not available|ER_LOCK/i,
    faultKind: 'database-lock',
    of: 'self',
  },
  {
    pattern: /slow query|full (table )?scan|missing index|sequential scan|seq scan/i,
    faultKind: 'slow-query',
    of: 'self',
  },
  {
    pattern:
      /\bx509\b|certificate (has )?expired|certificate verify|unable to verify the first certificate|CERT_|handshake fail/i,
    faultKind: 'certificate-expired',
    of: 'peer',
  },
  {
    pattern: /\bENOTFOUND\b|EAI_AGAIN|no such host|name or service not known|could not resolve|NXDOMAIN/i,
    faultKind: 'dns-failure',
    of: 'peer',
  },
  {
    pattern: /ECONNREFUSED|connection refused|connect: refused|no healthy upstream|no route to host|EHOSTUNREACH/i,
    faultKind: 'dependency-down',
    of: 'peer',
  },
  {
    pattern:
      /\b(401|403)\b.{0,30}(unauthori[sz]ed|forbidden)|access denied|authentication failed|password authentication|permission denied|invalid (api key|credentials|token)/i,
    faultKind: 'config-error',
    of: 'self',
  },
  {
    pattern:
      /missing (required )?(env|environment|config|setting)|invalid (config|configuration|setting)|unknown (config|flag|option)|failed to (load|parse) config/i,
    faultKind: 'config-error',
    of: 'self',
  },
  {
    pattern:
      /\b(TypeError|ReferenceError|SyntaxError|NullPointerException|AttributeError|KeyError|IndexError|NoSuchMethod\w*|ClassCastException|UnhandledPromiseRejection|AssertionError|panic:|concurrent map (read|write|iteration)|ConcurrentModification|data race|segmentation fault|SIGSEGV|stack overflow|undefined is not|is not a function|cannot read propert|nil pointer)/i,
    faultKind: 'bad-deploy-errors',
    of: 'self',
  },
  { pattern: /\b(429|too many requests|rate.?limit|throttl)/i, faultKind: 'provider-outage', of: 'peer' },
];

/** The hint of a text, or undefined. */
export function logHintOf(text: string): LogHint | undefined {
  return logHints.find(({ pattern }) => pattern.test(text));
}
