import { resolve } from 'node:path';
import { describeServices, startServices, stopServices } from './services/start-services.ts';

// `npm run services start|stop|status`: the real servers of the scaled-out stores, with their data in .cerebro/services.
const folder = resolve('.cerebro/services');
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const variables: Record<string, string> = { qdrant: 'QDRANT_URL', neo4j: 'NEO4J_URL', opensearch: 'OPENSEARCH_URL' };

const command = process.argv[2] ?? 'start';
if (command === 'start') {
  const { urls, missing } = await startServices(folder);
  for (const [name, url] of Object.entries(urls)) say(`${variables[name]}=${url}`);
  for (const [name, reason] of Object.entries(missing)) say(`# ${name} does not run: ${reason}`);
} else if (command === 'stop') {
  await stopServices(folder);
} else if (command === 'status') {
  const found = await describeServices(folder);
  for (const { name, url, pid, answers } of found)
    say(`${name} ${url} pid ${pid} ${answers ? 'answers' : 'is silent'}`);
  if (found.length === 0) say('nothing of ours runs; containers are shown by docker compose ps');
} else {
  say('npm run services start|stop|status');
  process.exitCode = 2;
}
