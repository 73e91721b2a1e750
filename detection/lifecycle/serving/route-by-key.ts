import { createHash } from 'node:crypto';

/**
 * Which of some variants serves a routing key: always the same one for the same key and weights, each variant its share of keys. Weighted
 * rendezvous hashing (Schindelhauer and Schomaker, SPAA 2005), so that a change of weights moves only the keys that must move. A weight of 0 gets
 * nothing; undefined when no weight is positive.
 */
export function routeByKey(key: string, weights: Readonly<Record<string, number>>): string | undefined {
  let best: string | undefined;
  let bestScore = -Infinity;
  for (const [variant, weight] of Object.entries(weights)) {
    if (!(weight > 0)) continue;
    const hash = createHash('sha256').update(`${variant}\u0000${key}`).digest();
    // 48 bits, moved off 0 and 1 so that the logarithm is finite.
    const uniform = (hash.readUIntBE(0, 6) + 0.5) / 2 ** 48;
    const score = -weight / Math.log(uniform);
    if (score > bestScore) {
      bestScore = score;
      best = variant;
    }
  }
  return best;
}
