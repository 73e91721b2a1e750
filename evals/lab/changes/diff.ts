/** One place in one file that a change touches. */
export interface Hunk {
  readonly file: string;
  readonly line: number;
  readonly before: readonly string[];
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly after: readonly string[];
}

/** A unified diff of the hunks, one file each. */
export function diffOf(...hunks: readonly Hunk[]): string {
  return hunks
    .map(({ file, line, before, removed, added, after }) => {
      const context = before.length + after.length;
      return [
        `diff --git a/${file} b/${file}`,
        `--- a/${file}`,
        `+++ b/${file}`,
        `@@ -${line},${context + removed.length} +${line},${context + added.length} @@`,
        ...before.map((text) => ` ${text}`),
        ...removed.map((text) => `-${text}`),
        ...added.map((text) => `+${text}`),
        ...after.map((text) => ` ${text}`),
        '',
      ].join('\n');
    })
    .join('');
}
