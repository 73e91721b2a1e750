import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { configSchema } from '../config.ts';
import { readListeners } from '../connect/listeners.ts';
import { lookAround } from '../connect/look-around.ts';
import { makeConfig, otlpPort } from '../connect/make-config.ts';
import { snippetsFor } from '../connect/snippets.ts';
import { readEnvironment } from '../infra/runtime/config-source.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { probeConfig, tellProbes } from './doctor-command.ts';
import { openConfig } from './open-config.ts';

export interface ConnectOptions {
  git?: string[];
  write: string;
  force?: boolean;
  dryRun?: boolean;
}

/**
 * Finds what there is to read on this machine and at the addresses named, shows it, tries each with the product's own sources, writes the config
 * and prints what to paste elsewhere. Secrets are never written: they come by the environment. Returns the exit status: 1 when nothing was found
 * or nothing answers. Throws CONFLICT when the file is there already.
 */
export async function runConnect(
  addresses: readonly string[],
  options: ConnectOptions,
  say: (text: string) => void,
): Promise<number> {
  const target = resolve(options.write);
  if (options.dryRun !== true && options.force !== true && existsSync(target))
    throw new CerebroError('CONFLICT', `${target} is there already: name another with --write, or add --force.`);
  const { console: door } = configSchema.parse({});
  const found = await lookAround({
    addresses,
    checkouts: options.git ?? [],
    listeners: readListeners(),
    environment: readEnvironment(),
    folder: process.cwd(),
    ownPorts: new Set([door.port]),
  });
  say('Found:\n');
  for (const { url, about, needs } of found.servers)
    say(`  ${about} at ${url}${needs === undefined ? '' : ' (asks for a log-in)'}\n`);
  for (const { path, service } of found.logs) say(`  log of ${service}: ${path}\n`);
  for (const { path } of found.checkouts) say(`  git work tree: ${path}\n`);
  for (const { context } of found.clusters) say(`  Kubernetes context: ${context}\n`);
  const { sources, notes } = makeConfig(found);
  for (const note of [...found.notes, ...notes]) say(`  note: ${note}\n`);
  if (Object.keys(sources).length === 0) {
    say('  nothing that can be read. Name an address: cerebro connect prometheus.example:9090\n');
    return 1;
  }
  const text = `${JSON.stringify({ sources }, null, 2)}\n`;
  const file = options.dryRun === true ? join(mkdtempSync(join(tmpdir(), 'cerebro-connect-')), 'cerebro.json') : target;
  writeFileSync(file, text);
  say('Tried:\n');
  // Read back as the product will: secrets come by the environment.
  const probes = await probeConfig((await openConfig({ config: file })).sources);
  say(tellProbes(probes));
  if (options.dryRun === true) {
    rmSync(dirname(file), { recursive: true, force: true });
    say(text);
  } else say(`Written to ${options.write}. Start with: npx --no cerebro start --config ${options.write}\n`);
  say('To paste into what should send here:\n');
  for (const snippet of snippetsFor(
    `http://${door.host}:${door.port}`,
    text.includes('"otlpPort"') ? `http://${door.host}:${otlpPort}/v1/traces` : undefined,
  ))
    say(`--- ${snippet.title}\n${snippet.text}\n`);
  return probes.some(({ state }) => state === 'ok') ? 0 : 1;
}
