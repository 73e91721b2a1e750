import { createRarity } from '../../../detection/diagnosis/storm/rarity.ts';
import { stormCandidates, stormFeatureNames } from '../../../detection/diagnosis/storm/storm-features.ts';
import type { StormFeature } from '../../../detection/diagnosis/storm/storm-features.ts';
import { fitStormWeights, type StormExample } from './fit-storm-weights.ts';
import { simulateSite } from './simulate-site.ts';

/** Prints the weights that ship in `detection/diagnosis/storm/storm-weights.ts` (fitted on made-up sites 1 to 16) and what they do on sites 17 to 24. */
const sites = Array.from({ length: 24 }, (_, index) => examplesOf(index + 1));
const weights = fitStormWeights(sites.slice(0, 16).flat());
const say = (text: string): void => void process.stdout.write(`${text}\n`);
say(JSON.stringify(weights, undefined, 2));
say(`left out, all features: ${topOf(weights)}`);
for (const name of stormFeatureNames) say(`left out, without ${name}: ${topOf({ ...weights, [name]: 0 })}`);

function examplesOf(seed: number): StormExample[] {
  const { topology, history, trial } = simulateSite(seed);
  const rarity = createRarity(history.map(({ alerts }) => alerts));
  return trial.flatMap(({ alerts, entity }) => {
    const candidates = stormCandidates(alerts, rarity, topology);
    const cause = candidates.findIndex((one) => one.entity === entity);
    return cause < 0 ? [] : [{ candidates: candidates.map(({ features }) => features), cause }];
  });
}

function topOf(some: Readonly<Record<StormFeature, number>>): string {
  const ranks = sites.slice(16).flatMap((examples) =>
    examples.map(({ candidates, cause }) => {
      const scores = candidates.map((one) => stormFeatureNames.reduce((sum, name) => sum + some[name] * one[name], 0));
      return scores.filter((score) => score > scores[cause]!).length;
    }),
  );
  const share = (k: number): string => (ranks.filter((rank) => rank < k).length / ranks.length).toFixed(3);
  return `top-1 ${share(1)}, top-3 ${share(3)} of ${ranks.length}`;
}
