import fs, { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../infra/runtime/logger.ts';
import type { Suite, SuiteOptions } from '../suite.ts';
import { createSuites } from './catalogue.ts';
import { madeUpSets } from './made-up-sets.ts';

/** Files that hold nothing but answers, in whatever set. */
const isTruth = (path: string): boolean =>
  /^truth\.json$|\.truth\.json$|^gied\.json$|^root_cause_.*\.json$/.test(basename(path));

const undo: (() => void)[] = [];
afterEach(() => {
  for (const one of undo.splice(0).reverse()) one();
});

/** Every way by which a program here reads a file throws on a file of truth; returns the names of the others that were opened. */
function guardReads(): Set<string> {
  const opened = new Set<string>();
  const seen = (path: unknown): void => {
    if (typeof path !== 'string') return;
    opened.add(basename(path));
    if (isTruth(path)) throw new Error(`opened ${basename(path)}`);
  };
  const guard = <T extends object>(holder: T, name: keyof T): void => {
    const real = holder[name];
    if (typeof real !== 'function') return;
    const call: (...args: unknown[]) => unknown = real.bind(holder);
    Object.assign(holder, {
      [name]: (path: unknown, ...rest: unknown[]) => {
        seen(path);
        return call(path, ...rest);
      },
    });
    undo.push(() => void Object.assign(holder, { [name]: real }));
  };
  for (const name of ['readFileSync', 'openSync', 'createReadStream', 'readFile', 'open', 'copyFileSync'] as const)
    guard(fs, name);
  for (const name of ['readFile', 'open', 'copyFile'] as const) guard(fs.promises, name);
  syncBuiltinESMExports();
  undo.unshift(() => syncBuiltinESMExports());
  return opened;
}

function aSet(name: string, answer: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'cerebro-guard-'));
  undo.push(() => rmSync(dir, { recursive: true, force: true }));
  madeUpSets[name]?.(dir, answer);
  return dir;
}

async function linesOf(suite: Suite, data: string): Promise<string> {
  const options: SuiteOptions = {
    data,
    reasoner: 'rules',
    seeds: [],
    faults: [],
    cases: [],
    without: [],
    logger: createLogger({ level: 'silent' }),
  };
  const lines: unknown[] = [];
  for await (const prediction of suite.predict(options))
    lines.push({ case: prediction.case, ...prediction.line, capsule: undefined, diagnosed_after_s: undefined });
  return JSON.stringify(lines);
}

const suiteOf = (name: string): Suite => createSuites().find((suite) => suite.name === name)!;

describe('the diagnosing process never opens truth', () => {
  for (const name of Object.keys(madeUpSets)) {
    it(`${name}: predicts with every file of truth closed, and says the same whatever truth says`, async () => {
      const sets = [aSet(name, 'service-one'), aSet(name, 'service-two')];
      const opened = guardReads();
      const [first, second] = [await linesOf(suiteOf(name), sets[0]!), await linesOf(suiteOf(name), sets[1]!)];
      expect(JSON.parse(first)).toHaveLength(1);
      expect(second).toBe(first);
      expect(opened.size).toBeGreaterThan(1);
    });
  }

  it('catches a suite that looks', async () => {
    const data = aSet('changerca', 'price');
    guardReads();
    const cheat: Suite = {
      name: 'cheat',
      description: '',
      async *predict() {
        const truth = readFileSync(join(data, 'truth.json'), 'utf8');
        yield { case: 'c1', line: { truth }, elapsedMs: 0, calls: 0, tokens: 0, dollars: 0 };
      },
      score: () => Promise.resolve({ scores: [], failures: [] }),
    };
    await expect(linesOf(cheat, data)).rejects.toThrow('opened truth.json');
  });
});
