/** A predicted group that is not exactly one true group. */
export interface WrongGroup {
  group: string;
  lines: number;
  /** The true groups that its lines belong to, with how many each, most first. */
  truths: [string, number][];
}

/**
 * Share of lines whose predicted group holds exactly the lines of their true group (Zhu et al. 2019), and the groups that are wrong, largest
 * first. Both lists have one entry a line; throws a RangeError when they differ in length.
 */
export function groupingAccuracy(
  predicted: readonly string[],
  truth: readonly string[],
): { accuracy: number; wrong: WrongGroup[] } {
  if (predicted.length !== truth.length)
    throw new RangeError(`${predicted.length} predicted lines, ${truth.length} true ones`);
  const sizes = new Map<string, number>();
  for (const event of truth) sizes.set(event, (sizes.get(event) ?? 0) + 1);
  const groups = new Map<string, Map<string, number>>();
  for (const [line, group] of predicted.entries()) {
    const truths = groups.get(group) ?? new Map<string, number>();
    truths.set(truth[line]!, (truths.get(truth[line]!) ?? 0) + 1);
    groups.set(group, truths);
  }
  let right = 0;
  const wrong: WrongGroup[] = [];
  for (const [group, truths] of groups) {
    const lines = [...truths.values()].reduce((sum, count) => sum + count, 0);
    const [only] = truths.keys();
    if (truths.size === 1 && sizes.get(only!) === lines) right += lines;
    else wrong.push({ group, lines, truths: [...truths].sort((left, other) => other[1] - left[1]) });
  }
  return {
    accuracy: truth.length === 0 ? 0 : right / truth.length,
    wrong: wrong.sort((left, other) => other.lines - left.lines),
  };
}
