import { buildEmbedder } from '../app/build-knowledge.ts';
import type { Config } from '../config.ts';
import { systemClock } from '../infra/runtime/clock.ts';
import { openDataFolder } from '../infra/runtime/data-folder.ts';
import { createMetrics } from '../infra/runtime/metrics.ts';
import { moveKnowledge } from '../knowledge/move-knowledge.ts';
import { openRemoteStores } from '../knowledge/stores/remote-stores.ts';

const barWidth = 30;

/**
 * Moves the knowledge of this data folder from the stores that `config` names to those that `target` names, and says what was proved. Cerebro must be
 * stopped; a broken move goes on where it was when it is started again. Start Cerebro with the target's config afterwards.
 */
export async function runMove(config: Config, target: Config, options: { restart?: boolean }): Promise<void> {
  const folder = openDataFolder(config.dataDir);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const deps = { clock: systemClock, metrics: createMetrics() };
  const [from, to] = [await openRemoteStores(config.knowledge.stores), await openRemoteStores(target.knowledge.stores)];
  try {
    const named = [config.knowledge.embedder, config.knowledge.formerEmbedder].filter((one) => one !== undefined);
    const embedders = await Promise.all(named.map((one) => buildEmbedder(one, deps)));
    const report = await moveKnowledge({
      folder: folder.path,
      from,
      to,
      embedders,
      restart: options.restart ?? false,
      onProgress: showProgress,
      signal: stop.signal,
    });
    const { keywords, vectors, graph } = report;
    const parts = [
      `${keywords.count} passages by words (${keywords.checksum.slice(0, 12)})`,
      `${vectors?.count ?? 0} vectors (${vectors?.checksum.slice(0, 12) ?? 'none'})`,
      `${graph.entities} entities, ${graph.edges} edges (${graph.checksum.slice(0, 12)})`,
    ];
    process.stdout.write(`Moved and the same on both sides: ${parts.join('; ')}. Start Cerebro with the new config.\n`);
  } finally {
    for (const { keywords, graph } of [from, to]) {
      await keywords?.close();
      await graph?.close();
    }
    folder.close();
  }
}

/** A bar on a terminal; a line for each full part elsewhere. */
function showProgress(part: string, done: number, total: number): void {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  if (process.stderr.isTTY) {
    const full = Math.round(share * barWidth);
    const bar = `${'█'.repeat(full)}${'░'.repeat(barWidth - full)}`;
    process.stderr.write(`\r${part.padEnd(9)}${bar} ${done} of ${total}${share === 1 ? '\n' : ''}`);
  } else if (share === 1) process.stderr.write(`${part}: ${done} of ${total}\n`);
}
