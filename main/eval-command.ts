import { runSuite } from '../evals/run-suite.ts';
import { createSuites } from '../evals/suites/catalogue.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { createLogger } from '../infra/runtime/logger.ts';

export interface EvalOptions {
  data?: string;
  predictions?: string;
  truth?: string;
  report?: string;
  reasoner?: 'rules' | 'bedrock' | 'openai';
  config?: string;
  seeds?: string;
  faults?: string;
  breaks?: string;
  stack?: string;
  lock?: string;
  quick?: boolean;
  cases?: string;
  without?: string;
  keep?: string;
  probes?: string;
  intervals?: string;
  expect?: string;
  ladder?: boolean;
}

const listOf = (text: string | undefined): string[] =>
  text === undefined
    ? []
    : text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');

/** Runs one suite. With `expect`, the exit status is 1 unless every score that judges (see `Score.informs`) is at least that. */
export async function runEval(name: string, options: EvalOptions): Promise<number> {
  const suites = createSuites();
  const suite = suites.find((one) => one.name === name);
  if (suite === undefined)
    throw new CerebroError(
      'NOT_FOUND',
      `No suite is named ${name}; there are: ${suites.map((one) => one.name).join(', ')}.`,
    );
  const report = await runSuite(
    suite,
    {
      ...(options.data === undefined ? {} : { data: options.data }),
      ...(options.config === undefined ? {} : { config: options.config }),
      ...(options.keep === undefined ? {} : { keep: options.keep }),
      ...(options.probes === undefined ? {} : { probes: options.probes }),
      ...(options.intervals === undefined ? {} : { intervals: options.intervals }),
      reasoner: options.reasoner ?? 'rules',
      seeds: listOf(options.seeds).map(Number),
      faults: listOf(options.faults ?? options.breaks),
      ...(options.stack === undefined ? {} : { stacks: listOf(options.stack) }),
      ...(options.quick === true ? { quick: true } : {}),
      ...(options.lock === undefined ? {} : { lock: options.lock }),
      cases: listOf(options.cases),
      without: listOf(options.without),
      logger: createLogger({ level: 'warn' }),
    },
    options,
    (text) => process.stdout.write(text),
  );
  if (options.expect === undefined) return 0;
  const bar = Number(options.expect);
  const barred = (report?.scores ?? []).filter((row) => row.cases > 0 && row.informs !== true);
  return barred.length > 0 && barred.every((row) => row.score >= bar) ? 0 : 1;
}
