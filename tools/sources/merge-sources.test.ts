import { describe, expect, it } from 'vitest';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { createDataSources, loadersOf } from './data-sources.ts';
import { createExampleData, exampleWindow } from './example-data.ts';
import { mergeSources } from './merge-sources.ts';
import type { Sources } from './source.ts';

const data = createExampleData();
const alive = createDataSources(loadersOf(data), 'alive');
const empty = createDataSources(loadersOf({ ...data, logs: [] }), 'empty');
const dead: Sources = {
  logs: { name: 'dead', search: () => Promise.reject(new CerebroError('TIMEOUT', 'no answer in time')) },
};
const request = { entities: [], window: exampleWindow, limit: 10 };

describe('merged sources', () => {
  it('lets no dead back end hide another, and names it', async () => {
    const result = await mergeSources([dead, alive]).logs?.search(request);
    expect(result).toMatchObject({ status: 'ok', items: data.logs, notes: ['dead failed: no answer in time'] });
  });
  it('says in no-data what failed beside where it looked', async () => {
    const result = await mergeSources([empty, dead]).logs?.search(request);
    expect(result?.status === 'no-data' && result.lookedAt).toMatch(/empty: 0 log records.*dead failed/);
  });
  it('throws the first failure when all fail', async () => {
    await expect(mergeSources([dead, dead]).logs?.search(request)).rejects.toMatchObject({ code: 'TIMEOUT' });
  });
  it('takes what two both return once, from the first', async () => {
    const other = createDataSources(
      loadersOf({ ...data, changes: [{ ...data.changes[0]!, title: 'the other one' }] }),
      'other',
    );
    const result = await mergeSources([alive, other]).changes?.list(request);
    expect(result?.status === 'ok' && result.items.map((one) => one.title)).toEqual(['deploy 1.4.2', 'enable banner']);
  });
  it('has no member of a kind that none has', () => {
    expect(Object.keys(mergeSources([dead]))).toEqual(['logs']);
  });
});
