/** A unified diff of two texts of one file, with three lines of context: longest common subsequence, cost squared. */
export function unifiedDiff(file: string, before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const lengths = commonLengths(old, now);
  const lines: { sign: ' ' | '-' | '+'; text: string }[] = [];
  let [left, right] = [0, 0];
  while (left < old.length || right < now.length) {
    if (left < old.length && right < now.length && old[left] === now[right]) {
      lines.push({ sign: ' ', text: old[left]! });
      left += 1;
      right += 1;
    } else if (left < old.length && (right >= now.length || lengths[left + 1]![right]! >= lengths[left]![right + 1]!)) {
      lines.push({ sign: '-', text: old[left]! });
      left += 1;
    } else {
      lines.push({ sign: '+', text: now[right]! });
      right += 1;
    }
  }
  const kept = lines.map((_, index) => lines.slice(Math.max(0, index - 3), index + 4).some(({ sign }) => sign !== ' '));
  const out = [`--- a/${file}`, `+++ b/${file}`];
  let [oldLine, newLine] = [1, 1];
  for (const [index, { sign, text }] of lines.entries()) {
    if (kept[index] === true) {
      if (kept[index - 1] !== true) out.push(`@@ -${oldLine} +${newLine} @@`);
      out.push(`${sign}${text}`);
    }
    if (sign !== '+') oldLine += 1;
    if (sign !== '-') newLine += 1;
  }
  return out.join('\n');
}

function commonLengths(old: readonly string[], now: readonly string[]): number[][] {
  const table = Array.from({ length: old.length + 1 }, () => Array.from({ length: now.length + 1 }, () => 0));
  for (let left = old.length - 1; left >= 0; left -= 1)
    for (let right = now.length - 1; right >= 0; right -= 1)
      table[left]![right] =
        old[left] === now[right]
          ? table[left + 1]![right + 1]! + 1
          : Math.max(table[left + 1]![right]!, table[left]![right + 1]!);
  return table;
}
