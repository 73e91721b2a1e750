import { openApp } from '../app.ts';
import { answerOf } from '../app/triage.ts';
import { configSchema } from '../config.ts';
import { simulateIncident } from '../detection/diagnosis/simulate-incident.ts';
import type { Question } from '../domain/question.ts';
import { createDataSources, loadersOf } from '../tools/sources/data-sources.ts';

/** One question about a simulated incident over the whole app, in a process that its test kills. Usage: `kill-app-child.ts <data folder> <number>`. */
const [, , dataDir, number] = process.argv;
if (dataDir === undefined || number === undefined) throw new Error('usage: kill-app-child.ts <data folder> <number>');

const { series: metrics, logs, changes, topology, baseline, observed } = simulateIncident('database-lock', 3);
const {
  cluster: _cluster,
  advisories: _advisories,
  traces: _traces,
  ...sources
} = createDataSources(
  loadersOf({ metrics, logs, changes, topology, spans: [], resources: [], advisories: [] }),
  'simulation',
);
const question: Question = {
  text: 'What is wrong, and why?',
  thread: `kill:${number}`,
  askedAt: observed.to,
  timeZone: 'UTC',
  principal: { id: 'tester', kind: 'person', roles: ['responder'] },
  window: { from: baseline.from, to: observed.to },
};

const app = await openApp(configSchema.parse({ dataDir, logLevel: 'silent' }), { sources });
process.stdout.write('open\n');
const resumed = await app.resume();
const answer = await answerOf(app.ask(question));
process.stdout.write(
  `${JSON.stringify({ answer, resumed, runs: app.investigations.get(question.thread)?.runs.length })}\n`,
);
await app.close();
