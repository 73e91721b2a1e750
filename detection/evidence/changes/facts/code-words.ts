/** Words of the trade that name what a call does, whatever the language: looked for among the words of identifiers. */
export const codeWords = {
  /** Whoever is called by one of these only tells what happens. */
  telling: set(
    'log logger logging console slog zap zlog logrus print println printf puts debugger warnings span metrics metric telemetry statsd tracer',
  ),
  /** Calls that leave the process or read a store. */
  outward: set(
    `get fetch find load read query call send lookup request select execute exec save post put insert update write publish download upload
    invoke count exists search scan retrieve resolve list`,
  ),
  /** Calls over many at once. */
  many: set('all many batch bulk ids multi list mget in each where'),
  release: set(
    'close release dispose cancel free end destroy shutdown unsubscribe off disconnect clear delete evict remove stop cleanup discard abort reset truncate',
  ),
  /** Calls after which there is no way back. */
  ending: set('ack acknowledge nack commit flush publish done finish complete confirm'),
  lock: set(
    'lock rlock wlock mutex rwlock semaphore synchronized atomic volatile concurrent monitor latch reentrant threadsafe',
  ),
  unlock: set('unlock runlock wunlock release'),
  acquire: set('lock rlock wlock acquire enter synchronize exclusive hold'),
  transaction: set('transaction transactional begin commit rollback savepoint tx isolation'),
  growth: set('push append add set put insert register subscribe on listener store enqueue offer'),
  cached: set('cache cached cacheable caching memo memoize memoized lru ttl'),
  spawn: set('thread spawn goroutine executor submit fork'),
  blocking: set('sync sleep wait block join result'),
  throw: set('raise throw panic abort fail'),
  /** Calls that hand each element of a collection to a function. */
  each: set(
    'map foreach each flatmap filter reduce select collect flat_map for_each each_with_object parallelstream stream mapto foldleft',
  ),
  optional: set('optional maybe default fallback orelse'),
} as const;

function set(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}
