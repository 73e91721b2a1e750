import { nearestWord } from './typos.ts';
import { commonWords, kindWords } from './words.ts';

/** Words that rules read and people mistype. */
const vocabulary: readonly string[] =
  `latency latencies errors error failing failure memory traffic throughput requests restarts restarting availability unavailable timeouts timeout connections connection
  queue backlog network storage healthy health status slow slower compare compared forecast predict dependencies depends upstream downstream vulnerabilities vulnerability
  vulnerable advisories expensive cheaper restart rollback runbook incident incidents similar affected impacted customers changed changes deployed deploys deploy released
  started yesterday service services database connections exceptions crashing deadlock throttled percentile unreachable unresponsive outage investigate diagnose
  happened wrong broken usage metrics metric traces trace security fix mitigate history before certificate certificates query queries replica replication transaction
  transactions locks deadlocks evictions partition partitions`.split(/\s+/u);

/** Kind words that are often part of a name are left to the names. */
const namelike = new Set(['gateway', 'api', 'redis', 'postgres', 'mysql']);
const kinds = Object.keys(kindWords).filter((word) => !namelike.has(word));
/** Parts of systems that people ask about without naming the system. */
const parts =
  `certificate certificates cert certs tls ssl query queries statement statements lock locks deadlock deadlocks transaction transactions replica replicas replication standby primary
  master slave leader connection connections socket sockets disk disks partition partitions filesystem filesystems mount inode inodes swap descriptor descriptors handle handles
  thread threads heap gc pool pools buffer buffers key keys eviction evictions evicting evicted expired wal vacuum bloat index indexes indices table tables topic topics offset
  offsets message messages consumers producers channel channels shard shards segment segments clock ntp uptime dns resolver port ports backend backends upstreams route routes
  worker workers executor goroutine goroutines pods nodes containers namespace deployments replicaset daemonset statefulset cronjob`.split(
    /\s+/u,
  );
const known = new Set([...parts, ...vocabulary, ...kinds, ...kinds.map((word) => `${word}s`)]);

/** True for words of the grammar and of plain English: they are no names and no slips of names. */
export function isVocabulary(word: string): boolean {
  return known.has(word) || commonWords.has(word);
}

/** The rule word that a mistyped word most likely is ("latancy" is "latency"), otherwise the word itself. */
export function correctedWord(word: string): string {
  if (isVocabulary(word) || /\d/u.test(word)) return word;
  return nearestWord(word, vocabulary)?.word ?? word;
}
