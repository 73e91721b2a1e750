import type { SourceResult } from './source.ts';

/**
 * The result of a read that found `items` (already in order): cut to `limit` with `truncated` set, or `no-data` saying where it looked.
 * `more` says that the back end itself held something back. `keep: 'newest'` cuts what is in order of time at its old end.
 */
export function sourceResultOf<T>(
  items: T[],
  about: { limit: number; lookedAt: string; notes?: string[]; more?: boolean; keep?: 'newest' },
): SourceResult<T> {
  if (items.length === 0) {
    const notes = about.notes ?? [];
    return {
      status: 'no-data',
      lookedAt: notes.length === 0 ? about.lookedAt : `${about.lookedAt} (${notes.join('; ')})`,
    };
  }
  const truncated = items.length > about.limit || about.more === true;
  const limit = Math.max(0, about.limit);
  if (items.length <= limit) return { status: 'ok', items, truncated, notes: about.notes ?? [] };
  const isNewest = about.keep === 'newest';
  const kept = isNewest ? items.slice(items.length - limit) : items.slice(0, limit);
  const left = isNewest ? [`the oldest ${items.length - limit} of ${items.length} were left out`] : [];
  return { status: 'ok', items: kept, truncated, notes: [...(about.notes ?? []), ...left] };
}
