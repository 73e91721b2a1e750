/**
 * One thing that a side of a diff says. What is said alike on both sides, wherever it stands, was not changed: a fact has no place, and names
 * that a change gives anew are the same name.
 */
export interface Fact {
  kind:
    | 'call'
    | 'value'
    | 'key'
    | 'guard'
    | 'condition'
    | 'default'
    | 'raise'
    | 'handler'
    | 'swallow'
    | 'release'
    | 'lock'
    | 'transaction'
    | 'await'
    | 'spawn'
    | 'growth'
    | 'formula'
    | 'field'
    | 'clause'
    | 'statement'
    | 'cached'
    | 'pin'
    | 'access'
    | 'text';
  /** What makes two facts the same. */
  id: string;
  /** The name that it is about: a key, a callee, a condition. */
  subject: string;
  file: string;
  /** The line within its side of the hunk's place, from 0. */
  row: number;
  /** Of a value: a number in base units, or a word. */
  value?: number | string;
  /** The function that it stands in, where it is in one. */
  owner?: string;
  /** That function is declared by this change. */
  isNew?: boolean;
  /** Of a call: inside a loop; awaited; of a key: a name that others read (quoted, tagged, in a file of settings). */
  loop?: boolean;
  awaited?: boolean;
  /** Of a call: on something that the function itself worked out, and not waited for. */
  inside?: boolean;
  wire?: boolean;
  /** Of a call: whom it is made on; of a clause: which. */
  on?: string;
}
