import { systemClock } from '../infra/runtime/clock.ts';
import { silentLogger } from '../infra/runtime/logger.ts';
import { createMetrics } from '../infra/runtime/metrics.ts';
import { openKnowledge } from './knowledge.ts';

// A process for the kill test: ingests a folder, says after each batch how many documents are committed, and ends.
const [folder = '', pages = ''] = process.argv.slice(2);
const knowledge = openKnowledge(
  { clock: systemClock, logger: silentLogger, metrics: createMetrics() },
  { folder, sources: [pages] },
);
await knowledge.ingest({
  onProgress: () => {
    const { documents, pending } = knowledge.counts();
    process.stdout.write(`${documents - pending}\n`);
  },
});
await knowledge.close();
