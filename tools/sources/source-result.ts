import type { SourceResult } from './source.ts';

/**
 * The result of a read that found `items` (already in order): cut to `limit` with `truncated` set, or `no-data` saying where it looked.
 * `more` says that the back end itself held something back.
 */
export function sourceResultOf<T>(
  items: T[],
  about: { limit: number; lookedAt: string; notes?: string[]; more?: boolean },
): SourceResult<T> {
  if (items.length === 0) {
    const notes = about.notes ?? [];
    return {
      status: 'no-data',
      lookedAt: notes.length === 0 ? about.lookedAt : `${about.lookedAt} (${notes.join('; ')})`,
    };
  }
  const truncated = items.length > about.limit || about.more === true;
  const kept = items.length > about.limit ? items.slice(0, Math.max(0, about.limit)) : items;
  return { status: 'ok', items: kept, truncated, notes: about.notes ?? [] };
}
