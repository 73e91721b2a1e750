import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../infra/runtime/clock.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { Trainer } from '../../models/contracts.ts';
import { openRegistry, type ModelRegistry } from '../registry/open-registry.ts';
import { scoreStored } from '../../models/stored-rows.ts';
import { createFakeParts } from './fake-trainers.ts';
import { fileSource } from './file-source.ts';
import { openScorer } from './model-bundle.ts';
import { trainModels, type TrainingRun } from './train-models.ts';
import { trainingOptions } from './training-options.ts';

const clock = createFakeClock('2026-01-01T00:00:00Z');
const scratch = (): string => mkdtempSync(join(tmpdir(), 'cerebro-train-'));

/** A wave with jumps of 20 samples; labelled when asked to be, with causes when asked for. */
function csv(labels: 'none' | 'binary' | 'causes', seed = 1): string {
  const random = createRandom(seed);
  const lines = Array.from({ length: 1_500 }, (_, r) => {
    const fault = r % 150 >= 130 ? 1 + (Math.floor(r / 150) % 2) : 0;
    const value = 50 + 10 * Math.sin(r / 20) + random.next() + (fault === 1 ? 60 : fault === 2 ? -60 : 0);
    const label = { none: '', binary: `,${fault > 0 ? 1 : 0}`, causes: `,${['normal', 'surge', 'outage'][fault]}` }[
      labels
    ];
    return `${new Date(Date.UTC(2026, 0, 1) + r * 60_000).toISOString()},${value.toFixed(3)}${label}`;
  });
  return `timestamp,value${labels === 'none' ? '' : ',label'}\n${lines.join('\n')}\n`;
}

async function train(
  text: string,
  place = scratch(),
  more: object = {},
  sheet?: string,
): Promise<TrainingRun & { registry: ModelRegistry; place: string }> {
  const file = join(place, 'metric.csv');
  writeFileSync(file, text);
  const registry = openRegistry(join(place, 'models'), { clock });
  const run = await trainModels(
    { folder: join(place, 'work'), parts: createFakeParts(), registry },
    await fileSource(file, {}, sheet),
    trainingOptions.parse({ name: 'metric', trials: 2, leastQuality: 0.7, ...more }),
  );
  return { ...run, registry, place };
}

describe('trainModels', () => {
  it('trains without labels, asks for the ones it wants, and puts the forest into production', async () => {
    const run = await train(csv('none'));
    expect(run.report.best).toBe('forest');
    expect(run.report.labels).toMatchObject({ given: 0 });
    expect(run.registry.get('metric')).toMatchObject({ role: 'forest', stage: 'production' });
    expect(run.registry.get('metric', 'challenger').role).toBe('champion');
    const sheet = readFileSync(run.reviewFile, 'utf8').trim().split('\n');
    expect([sheet[0], sheet.length]).toEqual(['timestamp,entity,score,reason,label', 31]);
    expect(run.text).toMatch(/No row is labelled/);
  });

  it('learns from a review sheet that a person filled in', async () => {
    const first = await train(csv('none'));
    const labelled = readFileSync(first.reviewFile, 'utf8')
      .trim()
      .split('\n')
      .map((line, i) => (i === 0 ? line : `${line}${Number(line.split(',')[2]) > 0.6 ? 1 : 0}`));
    const sheet = join(first.place, 'labels.csv');
    writeFileSync(sheet, `${labelled.join('\n')}\n`);
    const second = await train(csv('none'), first.place, {}, sheet);
    expect(second.report.labels.given).toBeGreaterThan(15);
    expect(second.registry.list('metric').map(({ role }) => role)).toContain('corrected');
  });

  it('measures on held-out rows with labels, and tells causes apart', async () => {
    const run = await train(csv('causes'));
    for (const model of run.report.models)
      expect([model.role, (model.holdout?.aucPr ?? 0) > 0.5]).toEqual([model.role, true]);
    expect(run.report.causes).toMatchObject({ classes: ['outage', 'surge'], accuracy: 1 });
    expect(run.registry.get('metric-causes').stage).toBe('production');
    expect(run.report.models[1]?.crossValidation).toMatchObject({ folds: 5, against: 'labels' });
    expect(run.text).toMatch(/confusion: \d+ found/);
  });

  it('gives the same bytes for the same input and seed, whatever ran before', async () => {
    const [one, two] = [await train(csv('binary')), await train(csv('binary'))];
    const hashes = (run: TrainingRun): unknown => run.versions.map(({ role, files }) => [role, files]);
    expect(hashes(one)).toEqual(hashes(two));
    const other = await train(csv('binary', 2));
    expect(hashes(other)).not.toEqual(hashes(one));
  });

  it('runs again only what changed, and registers nothing twice', async () => {
    const first = await train(csv('binary'));
    const again = await train(csv('binary'), first.place);
    expect(again.stages.every(({ ran }) => !ran)).toBe(true);
    expect(again.registry.list('metric').length).toBe(3);
    const changed = await train(csv('binary'), first.place, { champion: { depth: 3 } });
    expect(changed.stages.filter(({ ran }) => ran).map(({ name }) => name)).toEqual(['champion', 'report']);
  });

  it('scores with the registered files as it did in training', async () => {
    const run = await train(csv('binary'));
    const version = run.registry.get('metric');
    const scorer = openScorer((file) => run.registry.read(version, file), createFakeParts());
    const times = Float64Array.from({ length: 100 }, (_, r) => r * 60_000);
    const values = Float64Array.from({ length: 100 }, (_, r) => (r > 90 ? 120 : 50 + 10 * Math.sin(r / 20)));
    const scores = scoreStored(scorer.prepare({ entity: 'x', times, names: ['value'], columns: [values] }), (block) =>
      scorer.score(block),
    );
    expect(Math.max(...scores.slice(91))).toBeGreaterThan(Math.max(...scores.slice(60, 90)));
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
  });

  it('chooses the detector without labels by labelled rows, says so, and its bundle is opened by its own method', async () => {
    const place = scratch();
    const file = join(place, 'metric.csv');
    writeFileSync(file, csv('binary'));
    const registry = openRegistry(join(place, 'models'), { clock });
    const blind: Trainer = {
      ...createFakeParts().forest,
      method: 'fake-blind',
      fit: (rows, options, random) => {
        const seeing = createFakeParts().forest.fit(rows, options, random);
        return { ...seeing, score: (asked) => seeing.score(asked).map((score) => 1 - score) };
      },
    };
    const parts = { ...createFakeParts(), forest: blind, detectors: [{ trainer: createFakeParts().forest }] };
    const run = async (detector: string) =>
      trainModels(
        { folder: join(place, `work-${detector}`), parts, registry },
        await fileSource(file),
        trainingOptions.parse({ name: `by-${detector}`, trials: 1, folds: 2, detector }),
      );
    const chosen = await run('auto');
    expect(chosen.text).toMatch(/detector without labels is fake-distance, which ranks .*fake-distance .*fake-blind/);
    const version = registry.list('by-auto').find(({ role }) => role === 'forest')!;
    expect(version.method).toBe('fake-distance');
    expect(openScorer((name) => registry.read(version, name), parts).head.method).toBe('fake-distance');
    await run('fake-blind');
    expect(registry.list('by-fake-blind').find(({ role }) => role === 'forest')!.method).toBe('fake-blind');
  });

  it('stops with the report when the data is not good enough', async () => {
    const broken = csv('none').replaceAll(/,\d+\.\d+$/gm, (cell, at: number) => (at % 5 < 3 ? cell : ',oops'));
    await expect(train(broken)).rejects.toThrow(/not good enough[\s\S]*BAD {2}readable/);
  });
});
