import type { Random } from '../random.ts';
import type { Change, Draft } from './change.ts';

/** All changes of the shop, oldest first. */
export interface ChangeFeed {
  readonly publish: (draft: Draft, at?: Date) => Change;
  readonly since: (from: string | undefined) => Change[];
}

const authors = ['a.lindqvist', 'b.okafor', 'c.moreau', 'd.tanaka', 'e.novak', 'f.silva', 'renovate-bot'];

/** An empty feed; authors and commit hashes are drawn. */
export function createChangeFeed(random: Random): ChangeFeed {
  const changes: Change[] = [];
  return {
    publish: (draft, at = new Date()) => {
      const ref = Array.from({ length: 10 }, () => random.int(0, 15).toString(16)).join('');
      const change = {
        id: `change-${changes.length + 1}`,
        at: at.toISOString(),
        author: random.pick(authors),
        ref,
        ...draft,
      };
      changes.push(change);
      changes.sort((a, b) => a.at.localeCompare(b.at));
      return change;
    },
    since: (from) => changes.filter((change) => from === undefined || change.at >= new Date(from).toISOString()),
  };
}
