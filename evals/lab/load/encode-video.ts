import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

// Somebody else's job on the same host: threads that compute without a pause.
process.on('disconnect', () => process.exit(0));
const script = join(import.meta.dirname, '..', 'service-kit', 'thumbnail-worker.ts');
const threads = Array.from({ length: Number(process.argv[2] ?? 2) }, () => new Worker(script));
process.title = `encode-video (${threads.length} threads)`;
