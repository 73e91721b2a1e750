import { spawn } from 'node:child_process';

/** Holds an exclusive lock of a file, so that other heavy work on the machine waits, until the returned function is called. Without a file there is nothing to hold. */
export async function holdLock(file: string | undefined): Promise<() => void> {
  if (file === undefined) return () => undefined;
  const child = spawn('flock', [file, 'sh', '-c', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${file} cannot be locked.`)));
  });
  child.stdout.resume();
  return () => child.stdin.end();
}
