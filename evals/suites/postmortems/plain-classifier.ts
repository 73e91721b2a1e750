import { fitLogLinear } from '../../../knowledge/incidents/log-linear.ts';

/** The yardstick: TF-IDF of lower-cased words (in at least two texts, unit length) with logistic regression, penalty 1 as is usual. */
export function learnPlainClassifier(
  examples: readonly { text: string; causeClass: string }[],
): (text: string) => string {
  const classes = [...new Set(examples.map(({ causeClass }) => causeClass))].sort();
  const frequency = new Map<string, number>();
  for (const { text } of examples)
    for (const word of new Set(wordsOf(text))) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const kept = [...frequency].filter(([, count]) => count >= 2);
  const numberOf = new Map(kept.map(([word], index) => [word, index]));
  const featuresOf = (text: string): { ids: number[]; values: number[] } => {
    const counts = new Map<number, number>();
    for (const word of wordsOf(text)) {
      const id = numberOf.get(word);
      if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const ids = [...counts.keys()];
    const values = ids.map((id) => counts.get(id)! * (Math.log((1 + examples.length) / (1 + kept[id]![1])) + 1));
    const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)) || 1;
    return { ids, values: values.map((value) => value / length) };
  };
  const model = fitLogLinear(
    examples.map(({ text, causeClass }) => ({ features: featuresOf(text), category: classes.indexOf(causeClass) })),
    { categories: classes.length, penalty: 1 },
  );
  return (text) => {
    const found = model.probabilities(featuresOf(text));
    return classes[found.indexOf(Math.max(...found))] ?? 'unknown';
  };
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/\b\w\w+\b/g) ?? [];
}
