import { createHash } from 'node:crypto';
import { isMainThread } from 'node:worker_threads';

// A thread that renders without a pause: pure computation, nothing waits.
if (!isMainThread) {
  let picture = Buffer.alloc(64 * 1024, 7);
  for (;;) picture = Buffer.concat([createHash('sha256').update(picture).digest(), picture.subarray(32)]);
}
