import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Listener } from './found.ts';

const listening = '0A';

/**
 * The programs of this machine that listen on TCP, by what the kernel tells (`/proc`; its root can be set): their ports, folder and the regular
 * files that they write and that look like logs. Other users' programs show their ports only where we may see them. Empty where there is no
 * `/proc`. Never throws. Cost: one look at every open file of every process.
 */
export function readListeners(root = '/proc'): Listener[] {
  const ports = portsByInode(root);
  if (ports.size === 0) return [];
  const found: Listener[] = [];
  for (const name of list(root)) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const targets = list(join(root, name, 'fd')).map((fd) => linkOf(join(root, name, 'fd', fd)));
    const own = new Set<number>();
    const logs = new Set<string>();
    for (const target of targets) {
      const port = ports.get(/^socket:\[(\d+)\]$/.exec(target ?? '')?.[1] ?? '');
      if (port !== undefined) own.add(port);
      else if (target !== undefined && isLog(target)) logs.add(target);
    }
    if (own.size === 0) continue;
    const folder = linkOf(join(root, name, 'cwd'));
    found.push({
      pid,
      program: textOf(join(root, name, 'comm')).trim(),
      ports: [...own].sort((left, right) => left - right),
      ...(folder === undefined ? {} : { folder }),
      logs: [...logs].sort(),
    });
  }
  return found.sort((left, right) => left.pid - right.pid);
}

/** Sockets that listen: inode to port, of both families. Columns as in proc_net(5). */
function portsByInode(root: string): Map<string, number> {
  const ports = new Map<string, number>();
  for (const file of ['net/tcp', 'net/tcp6']) {
    for (const line of textOf(join(root, file)).split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      const port = Number.parseInt(fields[1]?.split(':')[1] ?? '', 16);
      if (fields[3] === listening && fields[9] !== undefined && port > 0) ports.set(fields[9], port);
    }
  }
  return ports;
}

function isLog(path: string): boolean {
  if (!path.startsWith('/') || path.startsWith('/proc/') || path.startsWith('/dev/') || path.endsWith(' (deleted)'))
    return false;
  const named = /\.(log|out|err|json|jsonl|csv)$/.test(path) || path.startsWith('/var/log/') || /\/logs?\//.test(path);
  try {
    return named && statSync(path).isFile();
  } catch {
    return false;
  }
}

function list(folder: string): string[] {
  try {
    return existsSync(folder) ? readdirSync(folder) : [];
  } catch {
    return [];
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
