import type { Intent } from '../../domain/question.ts';
import { entityKindOf } from '../../domain/entity.ts';

/** The role that a kind of entity implies where no metric word was said: a volume that fills is about disk, a queue that grows about its depth. */
export function impliedMetric(intent: Intent, line: string, entities: readonly string[]): string | undefined {
  const kinds = new Set(entities.map(entityKindOf));
  const grows =
    /\b(?:full|fill\w*|grow\w*|size|usage|capacity|depth|length|reach\w*|hit\w*|@n|backs? up|high|long|drain\w*|empty)\b/u.test(
      line,
    );
  if (kinds.has('cache') && /\b(?:miss(?:es|ing)?|hits?|cold|stampede|evict\w*)\b/u.test(line)) return 'cache';
  if (!grows && intent !== 'forecast') return undefined;
  if (intent === 'knowledge' || intent === 'remediate') return undefined;
  if (
    kinds.has('volume') ||
    (/\b(?:full|fill\w*)\b/u.test(line) &&
      !kinds.has('queue') &&
      (kinds.size === 0 || kinds.has('database') || kinds.has('host') || kinds.has('node')))
  )
    return 'disk';
  return kinds.has('queue') ? 'queue' : undefined;
}
