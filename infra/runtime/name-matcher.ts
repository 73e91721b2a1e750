/** Says whether a name fits one of the patterns: exact, or with `*` for any run of characters. No patterns fit every name. */
export function createNameMatcher(patterns: readonly string[]): (name: string) => boolean {
  if (patterns.length === 0 || patterns.includes('*')) return () => true;
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const globs = patterns.filter((pattern) => pattern.includes('*')).map((pattern) => globExpressionOf(pattern));
  return (name) => exact.has(name) || globs.some((glob) => glob.test(name));
}

/** The anchored regular expression (also valid RE2) of a pattern with `*`. */
export function globSourceOf(pattern: string): string {
  return pattern
    .split(/\*+/)
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
}

function globExpressionOf(pattern: string): RegExp {
  return new RegExp(`^(?:${globSourceOf(pattern)})$`, 's');
}
