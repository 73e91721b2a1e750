/** A file before and after one edit, and the effect that a parser must read from it (`none`: behaviour stays). */
export interface DiffPair {
  /** The same edit in several languages carries one name. */
  edit: string;
  effect: string;
  file: string;
  before: string;
  after: string;
}
