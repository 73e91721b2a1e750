import { spawn } from 'node:child_process';

/**
 * Holds a lock of a file until the returned function is called, so that other heavy work on the machine waits: shared with other sessions, or `alone` where
 * what is done would disturb them. Without a file there is nothing to hold.
 */
export async function holdLock(file: string | undefined, alone: boolean): Promise<() => void> {
  if (file === undefined) return () => undefined;
  const child = spawn('flock', [alone ? '-x' : '-s', file, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${file} cannot be locked.`)));
  });
  child.stdout.resume();
  return () => child.stdin.end();
}
