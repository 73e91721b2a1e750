const wordsOf = (text: string): readonly string[] => text.split(' ');

/** What went wrong, counted. */
export const errorWords = wordsOf(
  'error errors errs failure failures failed fail exceptions exception timeouts timeout timedout ' +
    'dropped drops drop rejected refused aborted aborts panics denied unavailable lost missed discarded ' +
    'conflicts deadlocks rollbacks rollback invalid corrupted corruptions unroutable retries evicted ' +
    'violations throttled throttles throttling tripped overflow overflows collisions retransmits retrans ' +
    'killed kill 5xx 4xx',
);
/** Ends of names whose 1 is good. */
export const upWords = wordsOf(
  'up alive ok ruok ready healthy success successful succeeded online available unsealed reachable ' +
    'running connected enabled health active leader primary master synced valid',
);
/** Ends of names whose 1 is bad. */
export const alarmWords = wordsOf(
  'alarm fault error failing halted degraded readonly read_only full down offline throttled mismatch ' +
    'fenced stopped tripped pressured pressure broken unhealthy sealed',
);
/** Work that waits. */
export const waitingWords = wordsOf(
  'pending waiting waiters queued backlog outstanding blocked unacked unacknowledged runnable inqueue blocking',
);
/** Where it waits. */
export const queueWords = wordsOf('queue queues backlog queuesize');
/** What is taken of something. */
export const usedWords = wordsOf('used usage use allocated occupied consumed inuse resident rss utilized');
/** What is not. */
export const leftWords = wordsOf('free avail available remaining left idle spare unused headroom freeable balance');
/** What may be taken at most. */
export const limitWords = wordsOf('max maximum limit limits capacity quota required desired ceiling allowed');
/** Memory. */
export const memoryWords = wordsOf('memory mem heap ram rss');
/** What was done, counted. */
export const eventVerbs = wordsOf(
  'received sent accepted processed completed published delivered consumed produced written read reads ' +
    'writes transmitted receive transmit send handled started forwarded commits executed inserted deleted ' +
    'updated returned fetched acked created scanned in out inserts delayed evictions issued',
);
