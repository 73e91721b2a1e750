import { z } from 'zod';
import type { Database } from '../infra/runtime/database.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { describeHome, embeddedHome, type Home } from './stores/remote-stores.ts';

/** Which stores hold the indexes of a knowledge file's documents. */
export interface StoreHome {
  current(): Home;
  set(home: Home): void;
}

const kept = z.strictObject({ keywords: z.string(), vectors: z.string(), graph: z.string() });

/** Reads and writes the home of a file; a file that says nothing has everything in itself. */
export function createStoreHome(database: Database): StoreHome {
  const read = database.sql.prepare("SELECT value FROM settings WHERE name = 'stores'");
  const write = database.sql.prepare("INSERT OR REPLACE INTO settings (name, value) VALUES ('stores', ?)");
  return {
    current: () => {
      const value = read.get()?.['value'];
      return value instanceof Uint8Array ? kept.parse(JSON.parse(new TextDecoder().decode(value))) : embeddedHome;
    },
    set: (home) => void write.run(new TextEncoder().encode(JSON.stringify(home))),
  };
}

/** Sees to it that the indexes are searched where they lie. An empty file may go anywhere; otherwise throws CONFIG_INVALID where the config names other stores. */
export function settleHome(home: StoreHome, wanted: Home, documents: number): void {
  const held = describeHome(home.current());
  if (held === describeHome(wanted)) return;
  if (documents > 0)
    throw new CerebroError(
      'CONFIG_INVALID',
      `The knowledge lies in other stores than the config names (${held}). Move it: npx --no cerebro knowledge move --config <old config> --to <this config>.`,
    );
  home.set(wanted);
}
