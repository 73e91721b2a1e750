import { nearestWord } from './typos.ts';
import { commonWords, kindWords } from './words.ts';

/** Words that rules read and people mistype. */
const vocabulary: readonly string[] =
  `latency latencies errors error failing failure memory traffic throughput requests restarts restarting availability unavailable timeouts timeout connections connection
  queue backlog network storage healthy health status slow slower compare compared forecast predict dependencies depends upstream downstream vulnerabilities vulnerability
  vulnerable advisories expensive cheaper restart rollback runbook incident incidents similar affected impacted customers changed changes deployed deploys deploy released
  started yesterday service services database connections exceptions crashing deadlock throttled percentile unreachable unresponsive outage investigate diagnose
  happened wrong broken usage metrics metric traces trace security fix mitigate history before`.split(/\s+/u);

/** Kind words that are often part of a name are left to the names. */
const namelike = new Set(['gateway', 'api', 'redis', 'postgres', 'mysql']);
const kinds = Object.keys(kindWords).filter((word) => !namelike.has(word));
const known = new Set([...vocabulary, ...kinds, ...kinds.map((word) => `${word}s`)]);

/** True for words of the grammar and of plain English: they are no names and no slips of names. */
export function isVocabulary(word: string): boolean {
  return known.has(word) || commonWords.has(word);
}

/** The rule word that a mistyped word most likely is ("latancy" is "latency"), otherwise the word itself. */
export function correctedWord(word: string): string {
  if (isVocabulary(word) || /\d/u.test(word)) return word;
  return nearestWord(word, vocabulary)?.word ?? word;
}
