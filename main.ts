#!/usr/bin/env node
import { join } from 'node:path';
import { Command } from 'commander';
import { backUpState, restoreState } from './agents/backup.ts';
import { openApp, version } from './app.ts';
import { openDataFolder } from './infra/runtime/data-folder.ts';
import { CerebroError } from './infra/runtime/errors.ts';
import { addModelCommands } from './main/add-model-commands.ts';
import { type AskOptions, runAsk, runChat } from './main/ask-command.ts';
import { listCapsules, saveCapsule } from './main/capsule-command.ts';
import { type EvalOptions, runEval } from './main/eval-command.ts';
import { runIngest, runKnowledgeSearch, runKnowledgeStatus } from './main/ingest-command.ts';
import { runMove } from './main/knowledge-command.ts';
import { runMcp } from './main/mcp-command.ts';
import { type CommonOptions, openConfig } from './main/open-config.ts';
import { runStart, type StartOptions } from './main/start-command.ts';

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
  .action((options: CommonOptions & StartOptions) => runStart(openConfig(options), options, say));

common(program.command('ask'))
  .description('ask one question')
  .argument('<words...>', 'the question, in plain words')
  .option('--json', 'print the whole answer as JSON')
  .option('--explain', 'print what was understood, without running anything')
  .option('--capsule <path>', 'ask about a frozen incident')
  .option('--thread <id>', 'go on in this conversation')
  .action(async (words: string[], options: CommonOptions & AskOptions) => {
    process.exitCode = await runAsk(openConfig(options), words.join(' '), options);
  });

common(program.command('chat'))
  .description('a conversation')
  .option('--capsule <path>', 'talk about a frozen incident')
  .option('--thread <id>', 'go on in this conversation')
  .action(async (options: CommonOptions & AskOptions) => {
    process.exitCode = await runChat(openConfig(options), options);
  });

common(program.command('mcp'))
  .description('serve the tools over MCP on stdin and stdout')
  .option('--capsule <path>', 'serve a frozen incident')
  .action((options: CommonOptions & { capsule?: string }) => runMcp(openConfig(options), options));

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
  .option('--cases <list>', 'only these cases')
  .option('--probes <file>', 'osv: lines module@version')
  .option('--intervals <file>', 'm4-hourly: where the 95 % bounds are written')
  .option('--without <list>', 'leave these signals out')
  .option('--keep <folder>', 'keep capsules here')
  .option('--ladder', 'measure again without each signal')
  .option('--expect <score>', 'exit status 1 below this score')
  .action(async (suite: string, options: EvalOptions) => {
    process.exitCode = await runEval(suite, options);
  });

addModelCommands(program, common);

const capsule = program.command('capsule').description('what runs saw, to keep and to replay');
common(capsule.command('list'))
  .description('runs that can be saved, newest first')
  .action((options: CommonOptions) => listCapsules(openConfig(options)));
common(capsule.command('save'))
  .description('write what a run saw')
  .argument('<run>')
  .argument('<target>', 'a new folder, or a file ending in .tar.zst')
  .action((run: string, target: string, options: CommonOptions) => saveCapsule(openConfig(options), run, target));

common(program.command('ingest'))
  .description('bring the knowledge in line with its sources now; a running product does so by itself')
  .option('--only <names...>', 'only these sources')
  .option('--json', 'print the report as JSON')
  .action(async (options: CommonOptions & { only?: string[]; json?: boolean }) => {
    process.exitCode = await runIngest(openConfig(options), options);
  });
const knowledge = program.command('knowledge').description('what the team knows, and where it lies');
common(knowledge.command('status'))
  .description('each source with its schedule and last result; the product must be stopped')
  .option('--json', 'print all of it as JSON')
  .action((options: CommonOptions & { json?: boolean }) => runKnowledgeStatus(openConfig(options), options));
common(knowledge.command('search'))
  .description('search as the tools do, with the reasons for each hit; the product must be stopped')
  .argument('<words...>')
  .option('--labels <list...>', 'access labels of who asks')
  .option('--json', 'print all of it as JSON')
  .action((words: string[], options: CommonOptions & { labels?: string[]; json?: boolean }) =>
    runKnowledgeSearch(openConfig(options), words.join(' '), options),
  );
common(knowledge.command('move'))
  .description(
    'move the indexes to the stores of another config, and prove that all arrived; the product must be stopped',
  )
  .requiredOption('--to <file>', 'the config that names the new stores')
  .option('--restart', 'empty the new stores first')
  .action((options: CommonOptions & { to: string; restart?: boolean }) =>
    runMove(openConfig(options), openConfig({ ...options, config: options.to }), options),
  );

common(program.command('backup'))
  .description('copy the state file while it is in use')
  .argument('<file>')
  .action((file: string, options: CommonOptions) => backUpState(join(openConfig(options).dataDir, 'state.db'), file));
common(program.command('restore'))
  .description('put a backup in place of the state file; the product must be stopped')
  .argument('<file>')
  .action(async (file: string, options: CommonOptions) => {
    const folder = openDataFolder(openConfig(options).dataDir);
    await restoreState(file, join(folder.path, 'state.db'));
    folder.close();
  });
common(program.command('check-config'))
  .description('read the config and say what is wrong with it')
  .action(async (options: CommonOptions) => {
    const app = await openApp(openConfig(options));
    for (const source of app.connected) say(`${source.name}: ${source.kind} (${source.address})\n`);
    await app.close();
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
