import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ModelRegistry, openRegistry } from '../detection/lifecycle/registry/open-registry.ts';
import { createFakeClock } from '../infra/runtime/clock.ts';
import { createModelBook } from './model-book.ts';

function add(registry: ModelRegistry, files: Record<string, unknown>): number {
  return registry.add({
    name: 'cpu',
    method: 'isolation-forest',
    role: 'forest',
    lineage: {
      dataHash: 'd',
      featureSet: 'host@1',
      featureNames: 3,
      codeVersion: 'c',
      seed: 1,
      stages: {},
      holdoutHash: '',
    },
    metrics: { aucPr: 0.7 },
    options: {},
    files: Object.fromEntries(Object.entries(files).map(([name, value]) => [name, Buffer.from(JSON.stringify(value))])),
  }).version;
}

it('shows a version with its scores, importance and confusion, and one that has none of them', async () => {
  const registry = openRegistry(mkdtempSync(join(tmpdir(), 'cerebro-book-')), { clock: createFakeClock(0) });
  const confusion = { truePositive: 1, falsePositive: 2, falseNegative: 3, trueNegative: 4 };
  const full = add(registry, {
    'scores.json': { entity: 'a', column: 'value', threshold: 0.6, scores: [[0, 0.5]], values: [[0, 9]] },
    'report.json': {
      models: [{ role: 'forest', importance: [{ feature: 'value', share: 1 }], holdout: { confusion } }],
    },
  });
  const bare = add(registry, { 'model.json': {} });
  const book = createModelBook(registry);
  expect((await book.list()).map(({ version }) => version)).toEqual([bare, full]);
  expect(await book.card('cpu', full)).toMatchObject({
    threshold: 0.6,
    confusion,
    curve: { scores: [[0, 0.5]] },
    importance: [{ feature: 'value' }],
  });
  expect(await book.card('cpu', bare)).toMatchObject({
    importance: [],
    curve: { scores: [] },
    metrics: { aucPr: 0.7 },
  });
  expect(() => book.card('cpu', 9)).toThrow(/no version 9/);
});
