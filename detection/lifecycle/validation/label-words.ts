import { CerebroError } from '../../../infra/runtime/errors.ts';

const normalWords = new Set(['0', '0.0', 'false', 'no', 'normal', 'n', 'ok', 'none', 'healthy', '-']);
const abnormalWords = new Set(['1', '1.0', 'true', 'yes', 'anomaly', 'abnormal', 'anomalous', 'y']);

/**
 * Labels as numbers: -1 for an empty one, 0 for the usual words for normal, then one class for each other word, sorted. Where the
 * only other words mean "abnormal" there are two classes, `normal` and `abnormal`. Throws INPUT_INVALID above 100 classes, which is
 * a column of free text.
 */
export function readLabels(words: readonly string[]): { labels: Int32Array; classes: readonly string[] } {
  const kinds = new Set<string>();
  for (const word of words) {
    const plain = word.trim();
    if (plain !== '' && !normalWords.has(plain.toLowerCase()))
      kinds.add(abnormalWords.has(plain.toLowerCase()) ? 'abnormal' : plain);
  }
  if (kinds.size > 100)
    throw new CerebroError(
      'INPUT_INVALID',
      `The label column has ${kinds.size} different values; name another with --label.`,
    );
  const classes = ['normal', ...[...kinds].sort()];
  const indexOf = new Map(classes.map((name, index) => [name, index]));
  const labels = Int32Array.from(words, (word) => {
    const plain = word.trim();
    if (plain === '') return -1;
    if (normalWords.has(plain.toLowerCase())) return 0;
    return indexOf.get(abnormalWords.has(plain.toLowerCase()) ? 'abnormal' : plain)!;
  });
  return { labels, classes };
}
