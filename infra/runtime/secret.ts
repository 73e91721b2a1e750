import { inspect } from 'node:util';

/** A value that never prints: JSON, string conversion and inspection all show `***`. Read it with `reveal()` at the place of use. */
export interface Secret {
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

/** Wraps a secret. The value lives in a closure: no property holds it, so no serialiser or logger can reach it. */
export function createSecret(value: string): Secret {
  const hidden = (): string => '***';
  return Object.freeze({ reveal: () => value, toString: hidden, toJSON: hidden, [inspect.custom]: hidden });
}
