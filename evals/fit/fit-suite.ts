import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Prediction, Suite, SuiteOptions } from '../suite.ts';
import { collectCases } from './collect-cases.ts';
import { type Example, examplesOf } from './fit-examples.ts';
import { fitModel, type FitResult } from './fit-model.ts';
import { type FitSet, fitSets, truthOf } from './fit-sets.ts';
import { modelFile } from './model-file.ts';
import { reportFit } from './report-fit.ts';
import { simulatedCases } from './simulated-cases.ts';

/**
 * Fits the likelihood that ranks causes and measures it on families of systems that it has not seen. `--data` is the folder of all sets;
 * `--predictions` names the file of weights that is written (the one that ships); `--keep` keeps what was collected, so that a second fit takes
 * seconds.
 */
export function createFitSuite(suites: readonly Suite[]): Suite {
  let done: { predictions: readonly Prediction[]; result: FitResult } | undefined;
  const fitted = (predictions: readonly Prediction[], options: SuiteOptions | undefined): FitResult => {
    if (done?.predictions !== predictions)
      done = { predictions, result: fitModel(examplesFrom(predictions, suites, options?.data ?? '')) };
    return done.result;
  };
  return {
    name: 'fit',
    description:
      'The likelihood that ranks causes, fitted on all families of systems but one and measured on that one, for each in turn.',
    async *predict(options) {
      if (options.data === undefined)
        throw new CerebroError('CONFIG_INVALID', 'Say with --data the folder that holds the sets.');
      for (const set of fitSets) {
        const suite = suites.find(({ name }) => name === set.suite);
        if (suite !== undefined) yield* collectCases(set, suite, options);
      }
    },
    write: (predictions, path, options) => {
      mkdirSync(dirname(path), { recursive: true });
      const families = new Set(predictions.map(({ line }) => line['family']));
      writeFileSync(
        path,
        modelFile(
          fitted(predictions, options).model,
          `From ${predictions.length} incidents of ${families.size} families and the simulated shop.`,
        ),
      );
      return Promise.resolve();
    },
    score: (predictions, _, options) => Promise.resolve(reportFit(fitted(predictions, options), decides)),
  };
}

/** What is judged in a family. */
function decides(family: string): FitSet['decides'] {
  return fitSets.find((set) => family.startsWith(set.suite))?.decides ?? 'first';
}

function examplesFrom(predictions: readonly Prediction[], suites: readonly Suite[], data: string): Example[] {
  const recorded = fitSets.flatMap((set) => {
    const judge = suites.find(({ name }) => name === set.suite)?.judge?.(truthOf(set, data));
    return predictions
      .filter(({ line }) => line['suite'] === set.suite)
      .flatMap(({ case: name, line, input }) =>
        judge === undefined || input === undefined
          ? []
          : examplesOf({ name, family: String(line['family']), input, judge: (claim) => judge(name, claim) }),
      );
  });
  return [...recorded, ...simulatedCases().flatMap((one) => examplesOf({ ...one, family: 'simulated shop' }))];
}
