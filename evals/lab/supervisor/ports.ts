import { createServer } from 'node:net';

const lowest = 20_000;
const highest = 31_900;

/** Finds free blocks of neighbouring ports on loopback, below the range that the system hands out by itself. */
export function createPortFinder(offset: number): (count: number) => Promise<number> {
  let next = lowest + (offset % (highest - lowest));
  return async (count) => {
    for (let tried = 0; tried < 500; tried += 1) {
      if (next + count > highest) next = lowest;
      const first = next;
      next += count;
      let free = true;
      for (let port = first; port < first + count; port += 1) free &&= await isFree(port);
      if (free) return first;
    }
    throw new Error('no free ports on loopback');
  };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
