/** What a diff can touch, and the fault kinds that such a change can bring. Looked for in changed lines, file names and titles; general words only. */
export interface ChangeHint {
  touches: string;
  faultKinds: readonly string[];
  pattern: RegExp;
  /** Where to look: lines added, removed, either, or the words of title and file names. */
  in: 'added' | 'removed' | 'changed' | 'words';
  /** How surely such a line brings the fault, in [0, 1]. */
  strength: number;
  /** Where the line sets a number anew, only this direction brings the fault. */
  moved?: 'raised' | 'lowered';
  /** What logs and metrics say when this is how it failed, whatever kind of fault they make of it. */
  shownBy?: RegExp;
}

export const changeHints: readonly ChangeHint[] = [
  {
    touches: 'connection pool',
    faultKinds: ['pool-exhaustion'],
    pattern: /pool|max[_-]?conn|connection[_-]?limit|maxConnections|acquire[_-]?timeout/i,
    in: 'changed',
    strength: 0.9,
    moved: 'lowered',
    shownBy: /pool.{0,60}(exhaust|acquir|wait|timed? ?out)|acquir.{0,40}connection/i,
  },
  {
    touches: 'retries',
    faultKinds: ['retry-storm'],
    pattern: /retr(y|ies)|attempts?\b|back-?off/i,
    in: 'changed',
    strength: 0.9,
    moved: 'raised',
  },
  {
    touches: 'retry budget',
    faultKinds: [],
    pattern: /retr(y|ies)|attempts?\b|back-?off/i,
    in: 'changed',
    strength: 0.8,
    moved: 'lowered',
    shownBy:
      /(retr(y|ies)|attempts?|budget).{0,40}(exhaust|exceed|spent|gave up)|(exhaust|exceed)\w* .{0,30}(retr|attempt)|gave up after/i,
  },
  {
    touches: 'timeouts',
    faultKinds: ['retry-storm', 'dependency-down', 'pool-exhaustion', 'bad-deploy-errors'],
    pattern: /timeout|deadline/i,
    in: 'changed',
    strength: 0.5,
    moved: 'lowered',
    shownBy: /timed? ?out|deadline exceeded|context cancell?ed/i,
  },
  {
    touches: 'cache',
    faultKinds: ['cache-loss'],
    pattern: /cach|\bttl|memoi[sz]|evict|invalidat|flush/i,
    in: 'changed',
    strength: 0.9,
    moved: 'lowered',
    shownBy: /cache (miss|stampede|expired)|stampede|thundering herd/i,
  },
  {
    touches: 'indexes',
    faultKinds: ['missing-index'],
    pattern:
      /drop\s+index|create\s+(unique\s+)?index|remove_?index|\bindex(es)?\b.*(on|drop|remove|unused)|INDEXED BY/i,
    in: 'changed',
    strength: 0.9,
  },
  {
    touches: 'queries',
    faultKinds: ['missing-index'],
    pattern: /\b(select|where|order by|group by|join|like)\b.*\b(from|=|asc|desc|on|lower|%)/i,
    in: 'changed',
    strength: 0.5,
  },
  {
    touches: 'calls in a loop',
    faultKinds: ['n-plus-one'],
    pattern:
      /\b(for|while)\b.*|\.map\(\s*(async)?|forEach\(|await .*(get|fetch|find|load|read|query|call)|ById\(|one by one|each (item|one)/i,
    in: 'added',
    strength: 0.6,
  },
  {
    touches: 'batched reads',
    faultKinds: ['n-plus-one'],
    pattern: /batch|bulk|\bin\s*\(|many\(|Many|ids=|join\(','\)|ByIds|DataLoader|prefetch|include:/i,
    in: 'removed',
    strength: 0.8,
  },
  {
    touches: 'synchronous work',
    faultKinds: ['event-loop-block', 'cpu-saturation'],
    pattern:
      /Sync\(|pbkdf2|scrypt|bcrypt|JSON\.(parse|stringify)|structuredClone|new RegExp|while \(|sort\(|render|report|compress|gzip|hash/i,
    in: 'added',
    strength: 0.6,
  },
  {
    touches: 'worker threads',
    faultKinds: ['cpu-saturation'],
    pattern: /worker|thread|concurrency|parallel|busy|poll(ing)?Interval|setInterval|thumbnail|resize|encode/i,
    in: 'added',
    strength: 0.6,
  },
  {
    touches: 'kept state',
    faultKinds: ['memory-leak', 'out-of-memory'],
    pattern:
      /new (Map|Set|Array|WeakMap)\b|\.push\(|\.set\(|\.on\(|addListener|addEventListener|append\(|history|buffer|session/i,
    in: 'added',
    strength: 0.6,
  },
  {
    touches: 'clean-up',
    faultKinds: ['memory-leak', 'handle-leak'],
    pattern: /\.delete\(|\.clear\(|removeListener|\.off\(|dispose|release|shift\(\)|maxSize|limit/i,
    in: 'removed',
    strength: 0.7,
  },
  {
    touches: 'file handles',
    faultKinds: ['handle-leak'],
    pattern:
      /\bopen(Sync)?\(|createReadStream|createWriteStream|fs\.open|new Socket|createConnection|keepAlive|\.close\(|closeSync|using /i,
    in: 'changed',
    strength: 0.8,
  },
  {
    touches: 'writes to disk',
    faultKinds: ['disk-full'],
    pattern:
      /dump|writeFile|appendFile|createWriteStream|snapshot|trace.*file|log.*(debug|trace|verbose)|retention|rotate|keep(Files|Days)|spool|archive/i,
    in: 'changed',
    strength: 0.7,
  },
  {
    touches: 'message consumption',
    faultKinds: ['consumer-stalled'],
    pattern: /consum|subscrib|prefetch|\back\(|nack|poll\(|paused?\b|visibility|worker.*(enabled|count)/i,
    in: 'changed',
    strength: 0.85,
  },
  {
    touches: 'addresses',
    faultKinds: ['config-error', 'wrong-address', 'dependency-down', 'dns-failure'],
    pattern: /(_|\b)(url|host|hostname|port|endpoint|address|base_?url|dsn)\b\s*[:=]/i,
    in: 'changed',
    strength: 0.7,
  },
  {
    touches: 'credentials',
    faultKinds: ['credentials-invalid', 'config-error', 'secret-missing'],
    pattern: /password|secret|token|credential|api[_-]?key/i,
    in: 'changed',
    strength: 0.6,
  },
  {
    touches: 'resource limits',
    faultKinds: ['out-of-memory', 'cpu-saturation', 'resource-limit-too-low'],
    pattern: /limits?:|requests:|\bcpu:|\bmemory:|max-old-space|cpu_?quota|memory_?limit/i,
    in: 'changed',
    strength: 0.7,
    moved: 'lowered',
    shownBy: /OOM|out of memory|throttl|evicted/i,
  },
  {
    touches: 'rate limits',
    faultKinds: ['bad-deploy-errors', 'config-error'],
    pattern: /rate.?limit|throttle|requestsPerSecond|maxInFlight/i,
    in: 'changed',
    strength: 0.5,
    moved: 'lowered',
    shownBy: /\b429\b|too many requests|rate.?limit(ed| exceeded)|throttled/i,
  },
  {
    touches: 'locks and transactions',
    faultKinds: ['database-lock'],
    pattern: /begin (immediate|exclusive)|lock table|for update|transaction|isolation|vacuum|alter table|exclusive/i,
    in: 'changed',
    strength: 0.8,
  },
  {
    touches: 'batch jobs',
    faultKinds: ['database-lock', 'missing-index'],
    pattern: /export|backfill|migration|batch job|nightly|cron/i,
    in: 'words',
    strength: 0.5,
  },
  {
    touches: 'code that can fail',
    faultKinds: ['bad-deploy-errors'],
    pattern:
      /throw |\w\.\w+\.\w+\(|as \w+|!\.|JSON\.parse|\[\d\]\.|\.to(Fixed|UpperCase|LowerCase|String)\(|parse\w*\(|require\(|assert/,
    in: 'added',
    strength: 0.6,
  },
  {
    touches: 'guards',
    faultKinds: ['bad-deploy-errors'],
    pattern: /\?\.|\?\?|if \(|try|catch|=== undefined|== null|!= null|default:/,
    in: 'removed',
    strength: 0.6,
    shownBy: /nil pointer|null ?pointer|undefined is not|cannot read propert|NoneType|division by zero|out of range/i,
  },
  {
    touches: 'verbosity',
    faultKinds: ['disk-full'],
    pattern:
      /(log|audit)?_?.?level['"]?\s*[:=]\s*['"]?(debug|trace|verbose|all)|sampl\w*.{0,8}[:=]\s*(1(\.0+)?|100)\b|(debug|verbose)['"]?\s*[:=]\s*['"]?(true|1|on)/i,
    in: 'added',
    strength: 0.9,
    shownBy: /no space left|disk (is )?full/i,
  },
  {
    touches: 'synchronisation',
    faultKinds: ['bad-deploy-errors'],
    pattern: /mutex|rwlock|\.r?(un)?lock\(|synchronized|semaphore|atomic|\bvolatile\b|with lock|Lock\(\)/i,
    in: 'removed',
    strength: 0.9,
    shownBy: /concurrent (map|modification|access|write)|data race|race condition|deadlock|corrupt/i,
  },
  {
    touches: 'dependency versions',
    faultKinds: ['bad-deploy-errors', 'crash-loop', 'config-error'],
    pattern: /^\s*["']?[\w@./-]+["']?\s*(:|==|=|~=|\^|\s)\s*["'^~]*v?\d+\.\d+\.\d+/,
    in: 'added',
    strength: 0.4,
    shownBy:
      /incompatible|version (conflict|mismatch)|duplicate (registration|symbol)|NoSuchMethod|ClassNotFound|NoClassDef|undefined symbol|cannot find module|ImportError|linkage/i,
  },
  {
    touches: 'names of fields',
    faultKinds: ['bad-deploy-errors', 'config-error'],
    pattern: /["'`][\w.-]+["'`]\s*[:=,\])]|json:"|db:"|\b(rename|add|drop|alter) column\b|field\s*\w+\s*=\s*\d+;/i,
    in: 'removed',
    strength: 0.5,
    shownBy:
      /(unknown|no such|missing|undefined|unexpected|invalid|required|no mapping|cannot find|not found|does not exist).{0,40}(field|column|key|attribute|property|mapping|parameter|table|relation|topic|header)|(field|column|key|attribute|property|header).{0,40}(unknown|missing|not found|does not exist|required)|unmarshal|deseriali[sz]|decode/i,
  },
  {
    touches: 'release of resources',
    faultKinds: ['handle-leak', 'pool-exhaustion', 'memory-leak'],
    pattern: /\.(close|release|cancel|end|dispose|return_?to_?pool)\(|defer \w+\(/i,
    in: 'removed',
    strength: 0.8,
    shownBy: /too many open files|leak|pool.{0,30}exhaust/i,
  },
  {
    touches: 'registrations',
    faultKinds: ['bad-deploy-errors', 'consumer-stalled', 'config-error'],
    pattern: /\b(register\w*|subscribe|addRoute|handleFunc|mount|bind|provide|router\.\w+|app\.(get|post|put|use))\(/i,
    in: 'removed',
    strength: 0.7,
    shownBy:
      /\b404\b|no (handler|route|provider|consumer|subscriber)|not registered|unregistered|unimplemented|not bound/i,
  },
  {
    touches: 'probes',
    faultKinds: ['probe-misconfigured', 'crash-loop'],
    pattern:
      /(liveness|readiness|startup)Probe|periodSeconds|failureThreshold|initialDelaySeconds|timeoutSeconds|httpGet|health_?check.*(path|port|timeout)/i,
    in: 'changed',
    strength: 0.8,
    shownBy: /(liveness|readiness|startup) probe|probe failed|unhealthy/i,
  },
];

/** Files that do not run in production. */
const idleFile =
  /(^|\/)(tests?|__tests__|spec|docs?|examples?|\.github|fixtures|storybook)\/|\.(test|spec|stories)\.[a-z]+$|\.(md|rst|txt|adoc|svg|png|css|snap)$|readme|changelog|license|codeowners|alerts?\.(ya?ml|json)$|dashboards?|messages?\.\w+$|i18n|locales?|translations?|wording/i;

/** Whether a file does nothing at run time: tests, documents, pictures, dashboards, alert rules, texts. */
export function isIdleFile(file: string): boolean {
  return idleFile.test(file);
}

const plainLine =
  /^\s*($|[()[\]{};,]+$|["'][\w@./-]+["'];?$|\/\/|#|\*|\/\*|<!--|import |export \* from|export type|export interface|interface |type \w+ =|['"][\w.@/-]+['"]: ['"][~^]?[\d.]+['"],?$|\w+: ['"`][^'"`]{12,}['"`],?$)/;

/** Whether a changed line cannot alter what runs: blank, comment, import, type, dependency version, a text. */
export function isPlainLine(line: string): boolean {
  return plainLine.test(line);
}
