import { createHash } from 'node:crypto';
import { isMainThread } from 'node:worker_threads';

// A thread that renders without a pause: pure computation, nothing waits.
if (!isMainThread) {
  const picture = Buffer.alloc(256 * 1024, 7);
  for (let round = 0; ; round += 1)
    picture[round % picture.length] = createHash('sha256').update(picture).digest()[0] ?? 0;
}
