import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metrics } from './metrics.ts';
import { codeOf } from './read-value.ts';

/** A folder of bounded size: writes beyond it are refused as the kernel refuses them on a full disk. */
export interface Volume {
  readonly folder: string;
  /** Throws an error with code ENOSPC when the folder's files and the new one do not fit. */
  write(name: string, content: string | Buffer): Promise<void>;
}

interface VolumeOptions {
  readonly folder: string;
  readonly capacityBytes: number;
  /** Files of ordinary work beyond this many are removed, oldest first. */
  readonly keep: number;
}

/** Opens the volume of a process and declares its metrics; what lies in the folder counts. */
export function openVolume(options: VolumeOptions, metrics: Metrics): Volume {
  const { folder, capacityBytes } = options;
  mkdirSync(folder, { recursive: true });
  const { gauge, counter } = metrics.lazily;
  const usedGauge = gauge('volume_used_bytes', 'Bytes in use.', ['volume']);
  const errors = counter('volume_write_errors_total', 'Writes refused.', ['volume', 'code']);
  const volume = 'data';
  gauge('volume_capacity_bytes', 'Size of the volume.', ['volume']).set({ volume }, capacityBytes);
  let used = sizeOf(folder);
  const recent: string[] = [];
  const report = (): void => {
    used = sizeOf(folder);
    usedGauge.set({ volume }, used);
  };
  report();
  setInterval(report, 1000).unref();
  const write = async (name: string, content: string | Buffer): Promise<void> => {
    const size = Buffer.byteLength(content);
    try {
      if (used + size > capacityBytes) throw noSpace(`/var/lib/data/${name}`);
      await writeFile(join(folder, name), content);
    } catch (error) {
      errors.inc({ volume, code: codeOf(error) ?? 'error' });
      throw error;
    }
    used += size;
    recent.push(name);
    const expired = recent.length > options.keep ? recent.shift() : undefined;
    if (expired !== undefined) rmSync(join(folder, expired), { force: true });
  };
  return { folder, write };
}

function sizeOf(folder: string): number {
  let total = 0;
  for (const name of readdirSync(folder)) total += statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  return total;
}

function noSpace(path: string): NodeJS.ErrnoException {
  const error: NodeJS.ErrnoException = new Error(`ENOSPC: no space left on device, write '${path}'`);
  return Object.assign(error, { code: 'ENOSPC', errno: -28, syscall: 'write', path });
}
