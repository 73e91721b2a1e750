import type { EntityId } from '../../domain/entity.ts';
import { entityNameOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Board } from './board.ts';
import { wordsOfCode } from '../evidence/changes/words-of-code.ts';

/** What logs and metrics say at one entity: the whole text of its new error patterns, and its words by how much each says of a mechanism. */
export interface TelemetryWords {
  text: string;
  weights: ReadonlyMap<string, number>;
}

/** The words of what departed at an entity, its calls included: those of new log patterns fully, of metric names half; names of entities left out. */
export function telemetryWords(board: Board, entity: EntityId): TelemetryWords {
  const names = new Set(board.entities.flatMap((id) => [...wordsOfCode(entityNameOf(id))]));
  const weights = new Map<string, number>();
  const texts: string[] = [];
  const tell = (text: string, weight: number): void => {
    texts.push(text);
    for (const word of wordsOfCode(text)) {
      if (!names.has(word)) weights.set(word, Math.max(weights.get(word) ?? 0, weight));
    }
  };
  for (const finding of [...board.at(entity, 'self'), ...board.at(entity, 'out')]) {
    if (finding.kind === 'log-pattern') tell(`${finding.excerpt ?? ''} ${fieldsOf(finding)}`, 1);
    else if (finding.signal.type === 'metric') tell(finding.signal.name, 0.5);
    else if (finding.excerpt !== undefined) tell(finding.excerpt, 1);
  }
  return { text: texts.join('\n'), weights };
}

function fieldsOf(finding: Finding): string {
  const fields = finding.data?.['fields'];
  return typeof fields === 'string' ? fields : '';
}
