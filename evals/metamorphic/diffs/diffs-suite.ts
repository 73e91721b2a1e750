import { systemClock } from '../../../infra/runtime/clock.ts';
import { createGrammarLoader } from '../../../detection/evidence/changes/parse/grammars.ts';
import { grammarsFor, readChange } from '../../../detection/evidence/changes/read-changes.ts';
import type { Prediction, Suite } from '../../suite.ts';
import { readPairs } from './read-pairs.ts';
import { scoreDiffs } from './score-diffs.ts';
import { transformPair, transforms } from './transform-pair.ts';

/** Edits told otherwise (renamed, moved, laid out anew, among innocent hunks, turned about, in other languages): whether what is read from them follows. Needs no data. */
export function createDiffsSuite(): Suite {
  return {
    name: 'diffs',
    description: 'What a change does, read from its diff, when the same edit is told otherwise.',
    async *predict({ cases }) {
      const loader = createGrammarLoader();
      for (const set of ['open', 'held-back', 'late'] as const) {
        if (cases.length > 0 && !cases.includes(set)) continue;
        for (const pair of readPairs(set)) {
          const grammars = await loader.load(grammarsFor([{ ...bare, files: [pair.file], diff: '-' }]));
          for (const transform of transforms) {
            const change = transformPair(pair, transform, grammars);
            if (change === undefined) continue;
            const all = await loader.load(grammarsFor([change]));
            const began = systemClock.monotonic();
            const { effects } = readChange(change, all);
            yield predictionOf(`${set}: ${pair.edit}, ${pair.file}, ${transform}`, systemClock.monotonic() - began, {
              set,
              transform,
              wanted: pair.effect,
              effects: effects.map(({ effect, sure }) => ({ effect, sure })),
            });
          }
        }
      }
    },
    score: (predictions) => Promise.resolve(scoreDiffs(predictions)),
  };
}

const bare = { id: 'none', at: '2026-01-01T00:00:00Z', kind: 'commit' as const, title: '' };

function predictionOf(name: string, elapsedMs: number, line: Record<string, unknown>): Prediction {
  return { case: name, line, elapsedMs, calls: 0, tokens: 0, dollars: 0 };
}
