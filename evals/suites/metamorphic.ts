import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { systemClock } from '../../infra/runtime/clock.ts';
import { bootstrapInterval } from '../bootstrap-interval.ts';
import type { Claim } from '../metamorphic/follows.ts';
import { claimOf, follows } from '../metamorphic/follows.ts';
import type { Transformation, Transformed } from '../metamorphic/transformation.ts';
import { transformations } from '../metamorphic/transformations.ts';
import type { Failure, Prediction, Score, Suite, SuiteOptions } from '../suite.ts';
import type { AskedData } from '../asked-data.ts';

/** So many cases of a set are tried at most, spread over it. */
const casesOfASet = 12;

/**
 * Changes after which the right answer is known: each case of the suites about causes is asked again with everything renamed, later, reordered,
 * with noise, with less, and must answer accordingly. Needs no truth: it is the engine against itself.
 */
export function createMetamorphicSuite(suites: readonly Suite[]): Suite {
  return {
    name: 'metamorphic',
    description:
      'Whether answers follow when names, clocks, order and noise change, and fall silent when what they rest on is gone.',
    async *predict(options) {
      const { data } = options;
      if (data === undefined) throw new CerebroError('INPUT_INVALID', 'Name the folder of all data sets with --data.');
      for (const suite of suites) {
        const folder = join(data, folderOf[suite.name] ?? suite.name);
        if (!existsSync(folder)) continue;
        const inner = await withSomeCases(suite, { ...options, data: folder });
        const before = new Map<string, Claim>();
        await ask(suite, inner, undefined, (name, claim) => before.set(name, claim));
        for (const transformation of transformations) yield* compare(suite, inner, transformation, before);
      }
    },
    score: (predictions) => Promise.resolve({ scores: scoresOf(predictions), failures: failuresOf(predictions) }),
  };
}

/** Where a suite's folder has another name than itself. */
const folderOf: Readonly<Record<string, string>> = {
  'metrics-incidents': 'metrics',
  'traces-incidents': 'traces',
};

async function* compare(
  suite: Suite,
  options: SuiteOptions,
  transformation: Transformation,
  before: ReadonlyMap<string, Claim>,
): AsyncGenerator<Prediction> {
  const startedAt = systemClock.monotonic();
  const changed = new Map<string, Transformed>();
  const transform = (asked: AskedData): AskedData | undefined => {
    const result = transformation.apply(asked, before.get(asked.name)?.change);
    if (result !== undefined) changed.set(asked.name, result);
    return result?.asked;
  };
  const after = new Map<string, Claim>();
  await ask(suite, options, transform, (name, claim) => after.set(name, claim));
  const elapsedMs = (systemClock.monotonic() - startedAt) / Math.max(1, after.size);
  for (const [name, claim] of after) {
    const first = before.get(name);
    if (first === undefined) continue;
    const line = {
      suite: suite.name,
      transformation: transformation.name,
      follows: follows(transformation, first, claim, changed.get(name)?.renamed),
      before: wordsOf(first),
      after: wordsOf(claim),
    };
    yield { case: `${suite.name}/${name}/${transformation.name}`, line, elapsedMs, calls: 0, tokens: 0, dollars: 0 };
  }
}

async function ask(
  suite: Suite,
  options: SuiteOptions,
  transform: SuiteOptions['transform'],
  seen: (name: string, claim: Claim) => void,
): Promise<void> {
  const choose = options.transform ?? ((asked: AskedData) => asked);
  const chosen = (given: AskedData): AskedData | undefined => {
    const asked = choose(given);
    return asked === undefined || transform === undefined ? asked : transform(asked);
  };
  const observe: SuiteOptions['observe'] = ({ name }, answer) => {
    const claim = claimOf(answer);
    if (claim !== undefined) seen(name, claim);
  };
  for await (const _ of suite.predict({ ...options, observe, transform: chosen })) continue;
}

/** The options with a transformation in front that leaves out all but some cases, spread over the set. */
async function withSomeCases(suite: Suite, options: SuiteOptions): Promise<SuiteOptions> {
  const names: string[] = [];
  const count: SuiteOptions['transform'] = ({ name }) => void names.push(name);
  for await (const _ of suite.predict({ ...options, transform: count })) continue;
  const step = Math.max(1, Math.ceil(names.length / casesOfASet));
  const chosen = new Set(names.filter((_, index) => index % step === 0));
  return { ...options, transform: (asked) => (chosen.has(asked.name) ? asked : undefined) };
}

function scoresOf(predictions: readonly Prediction[]): Score[] {
  const rowOf = (metric: string, chosen: readonly Prediction[]): Score => {
    const values = chosen.map(({ line }) => (line['follows'] === true ? 1 : 0));
    const { mean, low, high } = bootstrapInterval(values);
    return { metric, score: mean, low, high, cases: values.length };
  };
  const names = [...new Set(predictions.map(({ line }) => String(line['transformation'])))];
  const sets = [...new Set(predictions.map(({ line }) => String(line['suite'])))];
  return [
    rowOf('answers that follow', predictions),
    ...names.map((name) =>
      rowOf(
        name,
        predictions.filter(({ line }) => line['transformation'] === name),
      ),
    ),
    ...sets.map((name) =>
      rowOf(
        `set ${name}`,
        predictions.filter(({ line }) => line['suite'] === name),
      ),
    ),
  ];
}

function failuresOf(predictions: readonly Prediction[]): Failure[] {
  return predictions
    .filter(({ line }) => line['follows'] !== true)
    .map((one) => ({ case: one.case, expected: String(one.line['before']), got: String(one.line['after']) }));
}

function wordsOf({ verdict, entity, fault, change, grade }: Claim): string {
  return [verdict, entity, fault, change, grade].filter((one) => one !== undefined).join(' ');
}
