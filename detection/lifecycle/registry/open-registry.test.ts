import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../infra/runtime/clock.ts';
import type { NewModel } from './model-version.ts';
import { openRegistry } from './open-registry.ts';

const clock = createFakeClock('2026-01-01T00:00:00Z');
const scratch = (): string => mkdtempSync(join(tmpdir(), 'cerebro-registry-'));
const model = (metrics: Record<string, number>, holdoutHash = 'same'): NewModel => ({
  name: 'cpu',
  method: 'isolation-forest',
  role: 'champion',
  lineage: { dataHash: 'd', featureSet: 'host@1', featureNames: 3, codeVersion: 'c', seed: 1, stages: {}, holdoutHash },
  metrics,
  options: { trees: 100 },
  files: { 'model.json': Buffer.from('{"a":1}') },
});

describe('openRegistry', () => {
  it('keeps versions, stages, aliases and lineage over a restart', () => {
    const folder = scratch();
    const first = openRegistry(folder, { clock });
    expect(first.add(model({ aucPr: 0.7 }))).toMatchObject({ version: 1, stage: 'none' });
    first.add(model({ aucPr: 0.8 }));
    first.promote('cpu', 1, 'production');
    first.promote('cpu', 2, 'staging');
    first.setAlias('cpu', 'challenger', 2);
    first.close();
    const again = openRegistry(folder, { clock });
    expect(again.get('cpu')).toMatchObject({
      version: 1,
      stage: 'production',
      lineage: { seed: 1 },
      options: { trees: 100 },
    });
    expect(again.get('cpu', 'challenger').version).toBe(2);
    expect(again.get('cpu', 'staging').version).toBe(2);
    expect(again.get('cpu', 'latest').version).toBe(2);
    expect(Buffer.from(again.read(again.get('cpu', 1), 'model.json')).toString()).toBe('{"a":1}');
    expect(() => again.get('cpu', 9)).toThrow(/no version 9; it has 2, 1/);
    expect(() => again.get('disk')).toThrow(/there are: cpu/);
    again.close();
  });

  it('lets only a version into production that no rule objects to, unless forced', () => {
    const registry = openRegistry(scratch(), { clock });
    registry.add(model({ aucPr: 0.8 }));
    registry.promote('cpu', 1, 'production');
    for (const [metrics, reason] of [
      [{ aucPr: 0.7 }, /below production's 0.800/],
      [{}, /not measured/],
      [{ aucPr: 0.9, onnxDifference: 1e-3 }, /differs by 0.001/],
      [{ aucPr: 0.9, dataQuality: 0.1 }, /quality 0.10/],
    ] as const) {
      const { version } = registry.add(model(metrics));
      expect(() => registry.promote('cpu', version, 'production')).toThrow(reason);
      expect(registry.get('cpu').version).toBe(1);
    }
    const { version } = registry.add(model({ aucPr: 0.5 }, 'other rows'));
    expect(registry.promote('cpu', version, 'production').stage).toBe('production');
    expect(registry.get('cpu', 1).stage).toBe('archived');
    expect(registry.promote('cpu', 2, 'production', { force: true }).stage).toBe('production');
  });

  it('goes back to the version that was in production before', () => {
    const registry = openRegistry(scratch(), { clock });
    for (const aucPr of [0.6, 0.7]) registry.promote('cpu', registry.add(model({ aucPr })).version, 'production');
    expect(registry.rollback('cpu')).toMatchObject({ version: 1, stage: 'production' });
    expect(registry.get('cpu', 2).stage).toBe('archived');
    expect(
      registry
        .events('cpu')
        .map(({ version, what }) => `${version} ${what}`)
        .slice(-2),
    ).toEqual(['2 archived: 1 took production', '1 production (forced)']);
    const fresh = openRegistry(scratch(), { clock });
    fresh.promote('cpu', fresh.add(model({})).version, 'production');
    expect(() => fresh.rollback('cpu')).toThrow(/no earlier production version/);
  });

  it('says which file is damaged and what to do, and does not promote it', () => {
    const folder = scratch();
    const registry = openRegistry(folder, { clock });
    const added = registry.add(model({}));
    writeFileSync(join(folder, 'cpu', '1', 'model.json'), '{"a":2}');
    expect(() => registry.read(added, 'model.json')).toThrow(/checksum differs.*models rollback cpu/);
    expect(() => registry.promote('cpu', 1, 'production')).toThrow(/checksum differs/);
    expect(registry.get('cpu', 1).stage).toBe('none');
    rmSync(join(folder, 'cpu', '1', 'model.json'));
    expect(() => registry.read(added, 'model.json')).toThrow(/cannot be read/);
  });

  it('refuses names that would leave its folder', () => {
    const registry = openRegistry(scratch(), { clock });
    expect(() => registry.add({ ...model({}), name: '../x' })).toThrow(/cannot be a name/);
    expect(() => registry.add({ ...model({}), files: { '../x': Buffer.from('') } })).toThrow(/cannot be a name/);
    expect(() => registry.add(model({ aucPr: NaN }))).toThrow(/aucPr of cpu is NaN/);
    registry.add(model({}));
    expect(() => registry.setAlias('cpu', 'production', 1)).toThrow(/already means something/);
  });
});
