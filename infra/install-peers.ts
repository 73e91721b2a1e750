import { buildGoProgram, type GoProgram, goPrograms } from './services/go-programs.ts';
import { installPeer, peerFolder, type PythonPeer, pythonPeers } from './services/python-peers.ts';

// `npm run peers [-- names]`: programs of others, in Python or Go, that integration tests speak with. One that cannot be installed is named; its tests are skipped.
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const isPeer = (name: string): name is PythonPeer => Object.hasOwn(pythonPeers, name);
const asked = process.argv.slice(2);
const isBuilt = (name: string): name is GoProgram => Object.hasOwn(goPrograms, name);
for (const name of asked.length === 0 ? Object.keys(pythonPeers) : asked) {
  if (!isPeer(name) && !isBuilt(name)) {
    say(`${name} is none of ${[...Object.keys(pythonPeers), ...Object.keys(goPrograms)].join(', ')}`);
    process.exitCode = 2;
    continue;
  }
  const started = Date.now();
  try {
    if (isPeer(name)) installPeer(name);
    say(
      `${name}: ${isPeer(name) ? peerFolder(name) : buildGoProgram(name)} (${((Date.now() - started) / 1_000).toFixed(0)} s)`,
    );
  } catch (thrown) {
    say(`${name} could not be installed; tests that need it are skipped: ${String(thrown).slice(0, 300)}`);
  }
}
