import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** A TCP relay before one process; can be slow or closed. */
export interface Proxy {
  /** Delays each chunk toward the process by this many milliseconds, give or take the jitter. */
  delay(milliseconds: number, jitter: number): void;
  /** While closed, connections are refused and open ones are cut. */
  open(isOpen: boolean): Promise<void>;
}

export interface ProxyOptions {
  readonly port: number;
  readonly target: number;
}

/** Starts to listen at once. */
export async function openProxy(options: ProxyOptions): Promise<Proxy> {
  const lag = { milliseconds: 0, jitter: 0 };
  const sockets = new Set<Socket>();
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    const far = connect(options.target, '127.0.0.1');
    track(near);
    track(far);
    far.on('data', (chunk) => near.write(chunk));
    // A chunk never overtakes an earlier one.
    let clearAt = 0;
    near.on('data', (chunk) => {
      const wait = lag.milliseconds + (Math.random() * 2 - 1) * lag.jitter;
      if (wait <= 0) return void far.write(chunk);
      clearAt = Math.max(clearAt, performance.now() + wait);
      return void setTimeout(() => far.writable && far.write(chunk), clearAt - performance.now());
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  const listen = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, '127.0.0.1', () => resolve());
    });
  await listen();
  return {
    delay: (milliseconds, jitter) => Object.assign(lag, { milliseconds, jitter }),
    open: async (isOpen) => {
      if (isOpen === server.listening) return;
      if (isOpen) return listen();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
  };
}
