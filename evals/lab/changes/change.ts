/** One entry of the change feed, as a delivery pipeline would report it. */
export interface Change {
  readonly id: string;
  readonly at: string;
  readonly kind: 'deploy' | 'commit' | 'flag' | 'config' | 'rollout';
  readonly service?: string;
  readonly title: string;
  readonly author: string;
  readonly summary: string;
  readonly ref?: string;
  readonly files?: readonly string[];
  readonly diff?: string;
}

/** A change before it is published. */
export type Draft = Omit<Change, 'id' | 'at' | 'author' | 'ref'>;
