import type { EntityId } from '../../domain/entity.ts';
import { entityNameOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import { wordsOfCode } from '../evidence/changes/words-of-code.ts';
import type { Board } from './board.ts';

/** What logs, spans and metrics say at one entity: the whole text, lower case, and its words by how much each says of a mechanism here. */
export interface TelemetryWords {
  text: string;
  weights: ReadonlyMap<string, number>;
}

/** How far each kind of text counts. */
const saidBy = { log: 1, span: 0.8, metric: 0.5 };

/**
 * Reads the words of what departed at an entity, its calls included; names of entities say nothing. A word counts by its rarity among all
 * texts of this system's telemetry (inverse document frequency, Spärck Jones 1972).
 */
export function createTelemetryWords(board: Board): (entity: EntityId) => TelemetryWords {
  const names = new Set(board.entities.flatMap((id) => [...wordsOfCode(entityNameOf(id))]));
  const documents = new Map<string, Set<EntityId>>();
  for (const finding of board.findings)
    for (const word of wordsOfCode(textOf(finding))) {
      const holders = documents.get(word) ?? new Set<EntityId>();
      documents.set(word, holders.add(finding.entity));
    }
  const total = Math.max(2, board.entities.length);
  const rarity = (word: string): number => {
    const holders = documents.get(word)?.size ?? 1;
    return 0.35 + 0.65 * (Math.log(total / Math.min(total, holders)) / Math.log(total));
  };
  const known = new Map<EntityId, TelemetryWords>();
  return (entity) => {
    const before = known.get(entity);
    if (before !== undefined) return before;
    const weights = new Map<string, number>();
    const texts: string[] = [];
    for (const finding of [...board.at(entity, 'self'), ...board.at(entity, 'out')]) {
      const text = textOf(finding);
      texts.push(text);
      for (const word of wordsOfCode(text))
        if (!names.has(word)) weights.set(word, Math.max(weights.get(word) ?? 0, weightOf(finding) * rarity(word)));
    }
    const words = { text: texts.join('\n').toLowerCase(), weights };
    known.set(entity, words);
    return words;
  };
}

function weightOf({ kind, signal }: Finding): number {
  if (kind === 'log-pattern' || signal.type === 'log') return saidBy.log;
  return signal.type === 'metric' ? saidBy.metric : saidBy.span;
}

function textOf(finding: Finding): string {
  const fields = finding.data?.['fields'];
  const said = typeof fields === 'string' ? fields : '';
  if (finding.kind === 'log-pattern') return `${finding.excerpt ?? ''} ${said}`;
  return finding.signal.type === 'metric' ? finding.signal.name : `${finding.signal.name} ${finding.excerpt ?? ''}`;
}
