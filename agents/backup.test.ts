import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUpState, restoreState } from './backup.ts';
import { createFakeOrchestrator } from './fake-orchestrator.ts';
import { shopQuestion } from './fake-shop.ts';
import { openStateFile } from './state-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cerebro-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

async function answerInto(path: string, text: string): Promise<void> {
  const state = openStateFile(path);
  const { orchestrator } = createFakeOrchestrator({ state });
  for await (const event of orchestrator.ask({ ...shopQuestion, text })) expect(event.run).toMatch(/^run_/);
  state.close();
}
function questionsIn(path: string): string[] {
  const state = openStateFile(path);
  const rows = state.sql.prepare(`SELECT question ->> 'text' AS text FROM runs ORDER BY text`).all();
  state.close();
  return rows.map(({ text }) => String(text));
}

describe('backup of the state file', () => {
  it('copies a file in use and brings it back as it was, keeping what stood there', async () => {
    await answerInto(at('state.db'), 'one');
    const inUse = openStateFile(at('state.db'));
    await backUpState(at('state.db'), at('kept.db'));
    inUse.close();
    await answerInto(at('state.db'), 'two');
    await restoreState(at('kept.db'), at('state.db'));
    expect(questionsIn(at('state.db'))).toEqual(['one']);
    expect(questionsIn(at('state.db.before-restore'))).toEqual(['one', 'two']);
  });

  it('changes nothing when the backup is no state file, cut off, or of a newer version', async () => {
    await answerInto(at('state.db'), 'one');
    await backUpState(at('state.db'), at('kept.db'));
    writeFileSync(at('text.db'), 'no database at all, but some text that is long enough to be read');
    writeFileSync(at('cut.db'), readFileSync(at('kept.db')).subarray(0, 9_000));
    const newer = openStateFile(at('newer.db'));
    newer.sql.exec('PRAGMA user_version = 99');
    newer.close();
    for (const name of ['text.db', 'cut.db', 'newer.db'])
      await expect(restoreState(at(name), at('state.db'))).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    await expect(restoreState(at('none.db'), at('state.db'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(backUpState(at('state.db'), at('kept.db'))).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(questionsIn(at('state.db'))).toEqual(['one']);
    expect(existsSync(at('state.db.before-restore'))).toBe(false);
  });
});
