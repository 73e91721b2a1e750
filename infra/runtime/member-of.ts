/** The member at a path of keys within a plain value of unknown shape; undefined when some step is missing. Never throws. */
export function memberOf(value: unknown, ...path: readonly string[]): unknown {
  let inner: unknown = value;
  for (const key of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return undefined;
    inner = Reflect.get(inner, key) as unknown;
  }
  return inner;
}

/** The numeric members of a plain object of unknown shape. */
export function numbersOf(value: unknown): Record<string, number> {
  const numbers: Record<string, number> = {};
  if (typeof value !== 'object' || value === null) return numbers;
  for (const [key, inner] of Object.entries(value)) if (typeof inner === 'number') numbers[key] = inner;
  return numbers;
}
