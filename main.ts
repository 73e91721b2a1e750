#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { Command } from 'commander';
import { CerebroError } from './infra/runtime/errors.ts';
import { version } from './infra/runtime/version.ts';
import { addModelCommands } from './main/add-model-commands.ts';
import type { AskOptions } from './main/ask-command.ts';
import type { EvalOptions } from './main/eval-command.ts';
import type { ConnectOptions } from './main/connect-command.ts';
import { endWhenNobodyReads } from './main/end-when-nobody-reads.ts';
import { type CommonOptions, openConfig } from './main/open-config.ts';
import type { StartOptions } from './main/start-command.ts';

// Types are stripped and code is compiled once, not at every start; what is kept lies beside the code, so nobody else can write it.
enableCompileCache(join(import.meta.dirname, 'node_modules', '.cache', 'cerebro'));

endWhenNobodyReads(process.stdout, (status) => process.exit(status));

// A command imports its module when it is chosen: `--help` must not load the product, nor a question to a running Cerebro another one.
const program = new Command('cerebro')
  .description('An on-call assistant: ask it in plain words, it proves its causes.')
  .version(version);

const common = (command: Command): Command =>
  command
    .option('--config <file>', 'config file (JSON; see cerebro.example.json)')
    .option('--data <folder>', 'data folder (CEREBRO_DATA_DIR, default .cerebro)');

common(program.command('start'))
  .description('run the product; without sources it starts the lab and injects one fault')
  .option('--quiet', 'inject nothing')
  .option('--seed <number>', 'seed of the lab')
  .action(async (options: CommonOptions & StartOptions) => {
    const { runStart } = await import('./main/start-command.ts');
    await runStart(await openConfig(options), options, say);
  });

common(program.command('ask'))
  .description('ask one question')
  .argument('<words...>', 'the question, in plain words')
  .option('--json', 'print the whole answer as JSON')
  .option('--explain', 'print what was understood, without running anything')
  .option('--capsule <path>', 'ask about a frozen incident')
  .option('--thread <id>', 'go on in this conversation')
  .action(async (words: string[], options: CommonOptions & AskOptions) => {
    const { runAsk } = await import('./main/ask-command.ts');
    process.exitCode = await runAsk(await openConfig(options), words.join(' '), options);
  });

common(program.command('chat'))
  .description('a conversation')
  .option('--capsule <path>', 'talk about a frozen incident')
  .option('--thread <id>', 'go on in this conversation')
  .action(async (options: CommonOptions & AskOptions) => {
    const { runChat } = await import('./main/ask-command.ts');
    process.exitCode = await runChat(await openConfig(options), options);
  });

common(program.command('mcp'))
  .description('serve the tools over MCP on stdin and stdout')
  .option('--capsule <path>', 'serve a frozen incident')
  .action(async (options: CommonOptions & { capsule?: string }) => {
    const { runMcp } = await import('./main/mcp-command.ts');
    await runMcp(await openConfig(options), options);
  });

program
  .command('eval')
  .description('measure on a suite')
  .argument('<suite>', 'one of the suites; a wrong name lists them')
  .option('--data <folder>', 'the visible data of the suite')
  .option('--predictions <path>', 'where predictions are written')
  .option('--truth <file>', 'score against this')
  .option('--report <folder>', 'write an HTML page here')
  .option('--reasoner <kind>', 'rules, bedrock or openai', 'rules')
  .option('--config <file>', 'config file')
  .option('--seeds <list>', 'seeds, such as 11,12,13 (without: those of the suite)')
  .option('--faults <list>', 'lab: only these faults')
  .option('--stack <list>', 'real: only these stacks')
  .option('--breaks <list>', 'real: only these breaks')
  .option('--quick', 'real: shorter stretches')
  .option('--lock <file>', 'real: lock this file during each break, so that other heavy work waits')
  .option('--cases <list>', 'only these cases')
  .option('--probes <file>', 'osv: lines module@version')
  .option('--intervals <file>', 'm4-hourly: where the 95 % bounds are written')
  .option('--without <list>', 'leave these signals out')
  .option('--keep <folder>', 'keep capsules here')
  .option('--ladder', 'measure again without each signal')
  .option('--expect <score>', 'exit status 1 below this score')
  .action(async (suite: string, options: EvalOptions) => {
    const { runEval } = await import('./main/eval-command.ts');
    process.exitCode = await runEval(suite, options);
  });

addModelCommands(program, common);

const capsule = program.command('capsule').description('what runs saw, to keep and to replay');
common(capsule.command('list'))
  .description('runs that can be saved, newest first')
  .action(async (options: CommonOptions) => {
    const { listCapsules } = await import('./main/capsule-command.ts');
    listCapsules(await openConfig(options));
  });
common(capsule.command('save'))
  .description('write what a run saw')
  .argument('<run>')
  .argument('<target>', 'a new folder, or a file ending in .tar.zst')
  .action(async (run: string, target: string, options: CommonOptions) => {
    const { saveCapsule } = await import('./main/capsule-command.ts');
    await saveCapsule(await openConfig(options), run, target);
  });

common(program.command('ingest'))
  .description('bring the knowledge in line with its sources now; a running product does so by itself')
  .option('--only <names...>', 'only these sources')
  .option('--json', 'print the report as JSON')
  .action(async (options: CommonOptions & { only?: string[]; json?: boolean }) => {
    const { runIngest } = await import('./main/ingest-command.ts');
    process.exitCode = await runIngest(await openConfig(options), options);
  });
const knowledge = program.command('knowledge').description('what the team knows, and where it lies');
common(knowledge.command('status'))
  .description('each source with its schedule and last result; the product must be stopped')
  .option('--json', 'print all of it as JSON')
  .action(async (options: CommonOptions & { json?: boolean }) => {
    const { runKnowledgeStatus } = await import('./main/ingest-command.ts');
    await runKnowledgeStatus(await openConfig(options), options);
  });
common(knowledge.command('search'))
  .description('search as the tools do, with the reasons for each hit; the product must be stopped')
  .argument('<words...>')
  .option('--labels <list...>', 'access labels of who asks')
  .option('--json', 'print all of it as JSON')
  .action(async (words: string[], options: CommonOptions & { labels?: string[]; json?: boolean }) => {
    const { runKnowledgeSearch } = await import('./main/ingest-command.ts');
    await runKnowledgeSearch(await openConfig(options), words.join(' '), options);
  });
common(knowledge.command('move'))
  .description(
    'move the indexes to the stores of another config, and prove that all arrived; the product must be stopped',
  )
  .requiredOption('--to <file>', 'the config that names the new stores')
  .option('--restart', 'empty the new stores first')
  .action(async (options: CommonOptions & { to: string; restart?: boolean }) => {
    const { runMove } = await import('./main/knowledge-command.ts');
    await runMove(await openConfig(options), await openConfig({ ...options, config: options.to }), options);
  });

common(program.command('backup'))
  .description('copy the state file while it is in use')
  .argument('<file>')
  .action(async (file: string, options: CommonOptions) => {
    const { runBackup } = await import('./main/backup-command.ts');
    await runBackup(await openConfig(options), file);
  });
common(program.command('restore'))
  .description('put a backup in place of the state file; the product must be stopped')
  .argument('<file>')
  .action(async (file: string, options: CommonOptions) => {
    const { runRestore } = await import('./main/backup-command.ts');
    await runRestore(await openConfig(options), file);
  });
common(program.command('connect'))
  .description('find what there is to read here, try it, and write the config')
  .argument('[addresses...]', 'addresses to look at besides this machine: host:port or a URL')
  .option('--git <folders...>', 'work trees of git whose commits are changes')
  .option('--write <file>', 'where the config is written', 'cerebro.json')
  .option('--force', 'overwrite that file')
  .option('--dry-run', 'only show')
  .action(async (addresses: string[], options: CommonOptions & ConnectOptions) => {
    const { runConnect } = await import('./main/connect-command.ts');
    process.exitCode = await runConnect(addresses, options, say);
  });
common(program.command('doctor'))
  .description('try every connected source and say what is missing')
  .action(async (options: CommonOptions) => {
    const { runDoctor } = await import('./main/doctor-command.ts');
    process.exitCode = await runDoctor(await openConfig(options), say);
  });
common(program.command('check-config'))
  .description('read the config, say what is wrong with it, and try what it names')
  .option('--offline', 'ask no back end')
  .action(async (options: CommonOptions & { offline?: boolean }) => {
    const { checkConfig } = await import('./main/check-config-command.ts');
    process.exitCode = await checkConfig(await openConfig(options), options, say);
  });
program
  .command('rules')
  .description('read alerting rules')
  .command('explain <file>')
  .description('say in a line when each rule of a Prometheus rule file fires, and what it looks at')
  .option('--json', 'as data')
  .action(async (file: string, options: { json?: boolean }) => {
    const { explainRules } = await import('./main/rules-command.ts');
    explainRules(file, options, say);
  });
program
  .command('metrics')
  .description('what metrics mean')
  .command('explain <name>')
  .description('what is understood of a metric, or of all metrics in a file: names, an exposition or a rule file')
  .option('--json', 'as data')
  .action(async (name: string, options: { json?: boolean }) => {
    const { explainMetrics } = await import('./main/metrics-command.ts');
    explainMetrics(name, options, say);
  });

function say(text: string): void {
  process.stdout.write(text);
}

try {
  await program.parseAsync();
} catch (thrown) {
  const error = CerebroError.from(thrown);
  process.stderr.write(`${error.code}: ${error.message}\n`);
  if (error.code === 'INTERNAL' && error.cause instanceof Error) process.stderr.write(`${error.cause.stack ?? ''}\n`);
  process.exitCode = 1;
}
