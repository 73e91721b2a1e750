import type { Command } from 'commander';
import type { DetectOptions } from './detect-command.ts';
import type { MlflowOptions } from './models-command.ts';
import { type CommonOptions, openConfig } from './open-config.ts';
import type { TargetOptions } from './read-target.ts';
import type { ServeOptions } from './serve-models.ts';
import type { TrainOptions } from './train-command.ts';
import type { JobPlaces } from './train-job-command.ts';

/** Adds `train`, `train-job`, `models` and `detect`. `common` adds the options that every command takes. Each imports its module when it is chosen. */
export function addModelCommands(program: Command, common: (command: Command) => Command): void {
  common(program.command('train'))
    .description('train anomaly models on a CSV or Parquet file or folder, or on what a query brings')
    .argument(
      '<path>',
      'a time column and number columns, a label column if there is one; or cloudwatch:<namespace>?metric=<name>, cloudwatch-logs:<group>, with --prometheus PromQL',
    )
    .option('--name <name>', 'name in the registry (default: of the file)')
    .option('--time <column>', 'the time column')
    .option('--label <column>', 'the label column')
    .option('--entity <column>', 'the column (query: label or dimension) that names the host or service')
    .option('--prometheus <url>', 'the path is a PromQL query, asked there')
    .option('--since <duration>', 'query: how far back', '14d')
    .option('--step <duration>', 'query: distance of samples', '5m')
    .option('--labels <file>', 'a filled-in review sheet')
    .option('--seed <number>', 'seed (default 1)')
    .option(
      '--detector <method>',
      'what learns without labels: isolation-forest, extended-isolation-forest, ..., or auto',
    )
    .option('--trials <number>', 'options to try in the search (default 6)')
    .option('--review <number>', 'rows to ask a person about (default 30)')
    .option('--options <file>', 'all options, as JSON or YAML')
    .option('--json', 'print the whole report as JSON')
    .action(async (path: string, options: CommonOptions & TrainOptions) => {
      const { runTrain } = await import('./train-command.ts');
      await runTrain(await openConfig(options), path, options);
    });

  const job = program.command('train-job').description('training on another engine: Kubernetes, SageMaker, or here');
  common(job.command('partition'))
    .description('write telemetry as Parquet in partitions by entity and day')
    .argument('<target>', 'a file, a folder, or a query as `train` and `detect` take it')
    .argument('<folder>', 'where the partitions go')
    .option('--prometheus <url>', 'where a query is asked (default: the configured one)')
    .option('--since <duration>', 'query: how far back', '14d')
    .option('--step <duration>', 'query: distance of samples', '5m')
    .option('--entity <label>', 'query: label or dimension that names the host or service')
    .action(async (target: string, folder: string, options: CommonOptions & TargetOptions) => {
      const { partitionTelemetry } = await import('./train-job-command.ts');
      await partitionTelemetry(await openConfig(options), target, folder, options);
    });
  job
    .command('render')
    .description('print what the engine needs')
    .argument('<spec>', 'the job, as JSON or YAML')
    .argument('<engine>', 'kubernetes or sagemaker')
    .action(async (spec: string, engine: string) => {
      const { renderJob } = await import('./train-job-command.ts');
      renderJob(spec, engine);
    });
  job
    .command('local')
    .description('run all tasks on this machine')
    .argument('<spec>')
    .requiredOption('--input <folder>', 'partitions')
    .requiredOption('--output <folder>', 'where the result goes')
    .action(async (spec: string, options: JobPlaces) => {
      const { runJobLocally } = await import('./train-job-command.ts');
      await runJobLocally(spec, options);
    });
  job
    .command('task')
    .description('one task, run by an engine')
    .argument('<spec>')
    .argument('<task>', 'a number, `sagemaker` (the number of this host), or `train`')
    .option('--input <folder>', 'partitions')
    .option('--parts <folder>', 'where the tasks write (default: parts below the output)')
    .requiredOption('--output <folder>', 'where the result goes')
    .option('--wait', 'train: wait for the tasks')
    .action(async (spec: string, task: string, options: JobPlaces) => {
      const { runJobTask } = await import('./train-job-command.ts');
      await runJobTask(spec, task, options);
    });
  common(job.command('import'))
    .description('register what a job made')
    .argument('<output>', "the job's output folder")
    .action(async (output: string, options: CommonOptions) => {
      const { importJob } = await import('./train-job-command.ts');
      importJob(await openConfig(options), output);
    });

  const models = common(program.command('models'))
    .description('the trained models')
    .option('--json', 'print as JSON')
    .action(async (options: CommonOptions & { json?: boolean }) => {
      const { listModels } = await import('./models-command.ts');
      listModels(await openConfig(options), options);
    });
  common(models.command('list'))
    .description('all versions')
    .option('--json', 'print as JSON')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { json?: boolean }>();
      const { listModels } = await import('./models-command.ts');
      listModels(await openConfig(options), options);
    });
  common(models.command('show'))
    .description('the card of a version')
    .argument('<name>')
    .argument('[version]', 'a number, a stage or an alias (default: production)')
    .action(async (name: string, version: string | undefined, _options: unknown, command: Command) => {
      const { showModel } = await import('./models-command.ts');
      showModel(await openConfig(command.optsWithGlobals()), name, version);
    });
  common(models.command('promote'))
    .description('move a version to a stage')
    .argument('<name>')
    .argument('<version>')
    .option('--to <stage>', 'staging, production or archived', 'production')
    .option('--force', 'also when a rule objects')
    .action(async (name: string, version: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { to?: string; force?: boolean }>();
      const { promoteModel } = await import('./models-command.ts');
      promoteModel(await openConfig(options), name, version, options);
    });
  common(models.command('rollback'))
    .description('put the version that was in production before back')
    .argument('<name>')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { rollBackModel } = await import('./models-command.ts');
      rollBackModel(await openConfig(command.optsWithGlobals()), name);
    });

  common(models.command('export'))
    .description('show a model in MLflow')
    .argument('<name>')
    .argument('[version]', 'a number, a stage or an alias (default: production and staging)')
    .requiredOption('--url <url>', 'the MLflow tracking server')
    .action(async (name: string, version: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & MlflowOptions>();
      const { exportToMlflow } = await import('./models-command.ts');
      await exportToMlflow(await openConfig(options), name, version, options);
    });
  common(models.command('import'))
    .description('take a model that Cerebro exported out of MLflow')
    .argument('<name>')
    .argument('[version]', "MLflow's number or an alias (default: the newest)")
    .requiredOption('--url <url>', 'the MLflow tracking server')
    .action(async (name: string, version: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & MlflowOptions>();
      const { importFromMlflow } = await import('./models-command.ts');
      await importFromMlflow(await openConfig(options), name, version, options);
    });
  common(models.command('serve'))
    .description('serve the models over HTTP (KServe v2)')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <number>', 'port', '8080')
    .option('--threads <number>', 'inference threads', '2')
    .option('--challenger <share>', 'share of routing keys for the challenger', '0')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & ServeOptions>();
      const { serveModels } = await import('./serve-models.ts');
      await serveModels(await openConfig(options), options);
    });

  common(program.command('detect'))
    .description('say where a file, folder, query, or a metric of the running Cerebro is abnormal')
    .argument(
      '<target>',
      'a file, a folder, PromQL, cloudwatch:<namespace>?metric=<name>, cloudwatch-logs:<group>, or a metric or entity that the running Cerebro watches',
    )
    .option('--model <name>', 'the model (default: the one that takes these columns; else the default ensemble)')
    .option('--version <reference>', 'a number, a stage or an alias (default: production)')
    .option('--threshold <score>', 'abnormal from here on (default: as trained; without a model .9999)')
    .option('--prometheus <url>', 'where a query is asked (default: the configured one)')
    .option('--kserve <url>', 'score by a Triton, KServe or Cerebro that serves the model')
    .option('--since <duration>', 'query: how far back (default: 6h; of the running Cerebro 1h)')
    .option('--step <duration>', 'query: distance of samples', '1m')
    .option('--time <column>', 'the time column')
    .option('--entity <column>', 'the column (query: label or dimension) that names the host or service')
    .option('--out <file>', 'write all scores as CSV')
    .option('--keep', "keep each entity's newest features online, for `models serve`")
    .option('--json', 'print as JSON')
    .action(async (target: string, options: CommonOptions & DetectOptions) => {
      const { runDetect } = await import('./detect-command.ts');
      await runDetect(await openConfig(options), target, options);
    });
}
