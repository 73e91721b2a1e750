import { stemmer } from 'stemmer';
import type { Vital } from './vital.ts';

/** Other words that people use for a facet. */
const facetWords: Readonly<Record<string, string>> = {
  up: 'up alive running down reachable answering healthy dead',
  used: 'used use usage open busy active many much free left available remaining full spare',
  left: 'free left available remaining spare full used use usage much room',
  fill: 'full used use usage free left fill',
  spare: 'free left available spare idle',
  waiting: 'waiting waits queued pending backlog behind stuck queue length deep',
  lag: 'lag behind delay delayed late replication replica',
  moment: 'expire expires expiry valid end renew since start started uptime last when old',
  age: 'old age long oldest since',
  errors: 'errors failures failed error failing refused dropped rejected',
  flow: 'rate per second traffic throughput many',
  'hit-share': 'hit hits miss misses ratio',
  info: 'version release build which run running',
  state: 'state role leader primary master mode',
  restarts: 'restarts restarted crashes',
  duration: 'latency slow fast long duration time',
  number: 'many number count much size big large',
};

/** Words that people use for one thing, a group a line. */
const synonyms: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [
    'disk disks filesystem volume mount space storage',
    'certificate cert certs tls ssl',
    'query queries statement statements sql',
    'evicting evict eviction evicted evictions',
    'expired expiry expire expires',
    'lock locks locked deadlock deadlocks',
    'message messages backlog queue',
    'memory ram heap resident',
    'cpu processor processors load',
    'descriptors descriptor fds handles files',
    'client clients connections connection sessions session backends',
    'replica replication standby slave secondary',
    'primary master leader',
    'answers alive reachable up',
    'request requests calls',
  ].flatMap((line) => {
    const stems = new Set(line.split(' ').map((word) => stemmer(word)));
    return [...stems].map((word): [string, ReadonlySet<string>] => [word, stems]);
  }),
);

const stop = new Set(
  'is are the a an of in on for to and or how what which why when does do did any there it its now currently right our we have has at by with much many me show tell give please been be was were can could'.split(
    ' ',
  ),
);

/** The stems of a text's words, those that mean nothing by themselves left out. */
export function stemsOf(text: string): string[] {
  return text
    .slice(0, 2_000)
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 1 && !stop.has(word))
    .map((word) => stemmer(word));
}

/**
 * How far a reading is what a question asks for, in [0, 1]: the share of the question's words that its subject, metric, technology, labels or
 * facet speak of. A word for the same thing counts .8, a word of the facet alone half: "free" is said of everything.
 */
export function relevanceOf(vital: Vital, asked: readonly string[]): number {
  if (asked.length === 0) return 0;
  const own = new Set(
    stemsOf(
      `${vital.subject} ${vital.metrics[0]?.replaceAll(/([a-z])([A-Z])/g, '$1 $2') ?? ''} ${vital.technology ?? ''} ${vital.unit ?? ''} ${Object.values(vital.labels).join(' ')}`,
    ),
  );
  const facet = new Set(stemsOf(facetWords[vital.facet] ?? ''));
  let said = 0;
  for (const word of asked) {
    const like = [...(synonyms.get(word) ?? [])].some((other) => own.has(other));
    said += own.has(word) ? 1 : like ? 0.8 : facet.has(word) ? 0.5 : 0;
  }
  return said / asked.length;
}
