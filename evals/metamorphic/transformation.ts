import type { EntityId } from '../../domain/entity.ts';
import type { AskedData } from '../asked-data.ts';

/** A change of a case after which the right answer is known from the answer of before. */
export interface Transformation {
  name: string;
  /**
   * What must follow. `same`: the same claim, under its new names. `no-more`: the same claim or none, for something was taken away.
   * `not-the-change`: no claim that the change did it, for it does nothing any more.
   */
  expects: 'same' | 'no-more' | 'not-the-change';
  /** The changed case, or undefined where it does not apply. `blamed` is the change that the first answer blamed. */
  apply(asked: AskedData, blamed: string | undefined): Transformed | undefined;
}

/** A changed case, and what entities are called in it. */
export interface Transformed {
  asked: AskedData;
  renamed?: (id: EntityId) => EntityId;
}

/** Every string of plain data put through `map`, keys included; other values as they are. The input is not touched. */
export function mapStrings<T>(value: T, map: (text: string) => string): T;
export function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((one: unknown) => mapStrings(one, map));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [map(key), mapStrings(one, map)]));
}
