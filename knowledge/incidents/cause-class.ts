import { splitWords } from '../text/split-words.ts';
import { fitLogLinear, type Features } from './log-linear.ts';
import { countCues, mechanismCues } from './mechanism-cues.ts';

/** A past incident with the class of cause that was found for it. */
export interface LabelledIncident {
  text: string;
  causeClass: string;
}

/** What past incidents say of a new text: a prior that evidence may overrule. */
export interface CausePrediction {
  causeClass: string;
  /** Probability of that class, in [0, 1]. */
  confidence: number;
  probabilities: Record<string, number>;
  /** Mechanisms that the text names, most often named first. */
  mechanisms: string[];
  /** What to try first for those mechanisms, at most three. */
  firstSteps: string[];
}

/** Predicts the class of cause from what an alert or report says. */
export interface CauseClassifier {
  predict(text: string): CausePrediction;
}

const causeSentence = /\bcaus|due to|determined|trigger|result(?:ed|ing)? (?:of|from|in)|because|led to|identified/i;
const penalty = 0.3;
/** Shares of words, of mechanisms named anywhere and of those named as causes; chosen by cross-validation on the even records only. */
const wordWeight = 0.5;
const cueWeight = 0.5;
const causeCueWeight = 0.8;

/**
 * Learns classes of cause from past incidents: multinomial logistic regression over log-scaled, idf-weighted words of unit length beside counts of
 * the mechanisms that the text names, once anywhere and once in the sentences that speak of causes. The mechanisms are what lets it learn
 * from few incidents. The same incidents give the same classifier. Throws nothing; with no incidents it predicts `unknown`.
 */
export function learnCauseClasses(incidents: readonly LabelledIncident[]): CauseClassifier {
  const classes = [...new Set(incidents.map(({ causeClass }) => causeClass))].sort();
  const frequency = new Map<string, number>();
  for (const { text } of incidents)
    for (const word of new Set(splitWords(text))) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const words = [...frequency].filter(([, count]) => count >= 2);
  const numberOf = new Map(words.map(([word], index) => [word, index]));
  const idf = words.map(([, count]) => Math.log((incidents.length + 1) / (count + 1) + 1));
  const featuresOf = (text: string): Features => {
    const counts = new Map<number, number>();
    for (const word of splitWords(text)) {
      const id = numberOf.get(word);
      if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const ids = [...counts.keys()];
    const values = ids.map((id) => (1 + Math.log(counts.get(id)!)) * idf[id]!);
    const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)) || 1;
    const scaled = values.map((value) => (wordWeight * value) / length);
    const addCues = (of: string, weight: number, from: number): void => {
      for (const [index, count] of countCues(of).entries()) {
        if (count === 0) continue;
        ids.push(from + index);
        scaled.push(weight * Math.log(1 + count));
      }
    };
    addCues(text, cueWeight, words.length);
    addCues(causeSentences(text), causeCueWeight, words.length + mechanismCues.length);
    return { ids, values: scaled };
  };
  if (classes.length === 0) {
    return {
      predict: (text) => ({ causeClass: 'unknown', confidence: 0, probabilities: {}, ...namedIn(text) }),
    };
  }
  const model = fitLogLinear(
    incidents.map(({ text, causeClass }) => ({ features: featuresOf(text), category: classes.indexOf(causeClass) })),
    { categories: classes.length, penalty },
  );
  return {
    predict: (text) => {
      const found = model.probabilities(featuresOf(text));
      const best = found.indexOf(Math.max(...found));
      return {
        causeClass: classes[best]!,
        confidence: found[best]!,
        probabilities: Object.fromEntries(classes.map((name, index) => [name, found[index]!])),
        ...namedIn(text),
      };
    },
  };
}

function causeSentences(text: string): string {
  return text
    .split(/(?<=[.!?])\s+/)
    .filter((sentence) => causeSentence.test(sentence))
    .join(' ');
}

function namedIn(text: string): { mechanisms: string[]; firstSteps: string[] } {
  const counts = countCues(text);
  const named = mechanismCues
    .map(({ name, firstStep }, index) => ({ name, firstStep, count: counts[index]! }))
    .filter(({ count }) => count > 0)
    .sort((left, right) => right.count - left.count);
  return { mechanisms: named.map(({ name }) => name), firstSteps: named.slice(0, 3).map(({ firstStep }) => firstStep) };
}
