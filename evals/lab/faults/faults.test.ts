import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { calm, defaultSettings } from '../service-kit/settings.ts';
import { worldOf } from '../world.ts';
import { faults } from './catalogue.ts';
import { createFakeLevers } from './fake-levers.ts';
import { createFaultDesk } from './fault-desk.ts';

const seeds = [1, 2, 3, 4, 5];
const settled: Readonly<Record<string, unknown>> = {
  ...defaultSettings(''),
  ...calm,
  held: false,
  delay: 0,
  closed: false,
};
// What a change may not say: the kinds themselves and the words of this folder.
const telling = [
  ...faults.map(({ kind }) => kind).filter((kind) => kind !== 'none'),
  'fault',
  'inject',
  'chaos',
  'lab',
];
const tells = (text: string): string[] =>
  telling.filter((word) => new RegExp(`\\b${word.replaceAll('-', '[- _]?')}\\b`, 'i').test(text));

describe('faults', () => {
  it('has one file for each kind', () => {
    const other = ['catalogue', 'fake-levers', 'fault', 'fault-desk', 'revert'];
    const files = readdirSync(import.meta.dirname).filter((name) => !name.endsWith('.test.ts'));
    const kinds = files.map((name) => name.replace('.ts', '')).filter((name) => !other.includes(name));
    expect(faults.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted());
    expect(faults.filter(({ culprit }) => culprit)).toHaveLength(15);
    expect(faults.filter(({ culprit }) => !culprit)).toHaveLength(4);
  });

  for (const fault of faults) {
    it(`${fault.kind} does something, names nothing, and leaves nothing behind`, async () => {
      for (const world of seeds.map(worldOf)) {
        const targets = fault.targets(world);
        if (fault.culprit) expect(targets.length).toBeGreaterThan(0);
        for (const target of targets.length === 0 ? [''] : targets) {
          const { levers, inForce, changes } = createFakeLevers(world);
          const clear = await fault.inject(levers, target, createRandom(`${world.seed}:${target}`));
          if (fault.kind !== 'none') expect(inForce.size).toBeGreaterThan(0);
          await clear();
          for (const [key, value] of inForce) {
            if (/^foreign [^1]/.test(key) || key.endsWith('.version')) continue;
            const name = key.slice(key.lastIndexOf('.') + 1);
            const usual = key.startsWith('foreign') ? false : name === 'load' ? 1 : settled[name];
            // A period without work is at rest.
            if (name !== 'blockEveryMs') expect([key, value]).toEqual([key, usual]);
          }
          for (const change of changes.since(undefined)) expect(tells(JSON.stringify(change))).toEqual([]);
        }
      }
    });
  }
});

describe('the fault desk', () => {
  it('draws the same targets for the same seed and tells the truth', async () => {
    const draw = async () => {
      const desk = createFaultDesk(createFakeLevers(worldOf(7)).levers, createRandom(7));
      for (const { kind } of faults) await desk.inject(kind);
      return desk.history().map(({ kind, entity, culprit }) => ({ kind, entity, culprit }));
    };
    const drawn = await draw();
    expect(drawn).toEqual(await draw());
    expect(drawn.map(({ kind }) => kind)).toEqual(faults.map(({ kind }) => kind));
  });

  it('refuses an unknown kind and a target that the kind cannot strike', async () => {
    const desk = createFaultDesk(createFakeLevers(worldOf(7)).levers, createRandom(7));
    await expect(desk.inject('meteor')).rejects.toThrow('no fault meteor');
    await expect(desk.inject('disk-full', 'nobody')).rejects.toThrow('cannot strike nobody');
    expect(desk.history()).toEqual([]);
  });

  it('remembers when a fault was cleared', async () => {
    const desk = createFaultDesk(createFakeLevers(worldOf(7)).levers, createRandom(7));
    await desk.inject('traffic-surge');
    expect(desk.history()[0]?.cleared).toBeUndefined();
    const [truth] = await desk.clear();
    expect(truth?.cleared).toBeDefined();
  });
});
