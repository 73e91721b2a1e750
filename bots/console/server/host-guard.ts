import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { CerebroError } from '../../../infra/runtime/errors.ts';

export interface HostGuardOptions {
  /** The address that the server listens on. */
  host: string;
  /** Further host names under which the server may be reached (no port). */
  allowedHosts: readonly string[];
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '::1']);

/** True for an address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return loopbackNames.has(host) || host.startsWith('127.');
}

/**
 * Refuses what a browser sends on behalf of another site: a `Host` that is not ours (DNS rebinding), a foreign `Origin`, and fetch metadata that
 * says cross-site, but for a person following a link. IP literals pass off loopback, since a rebinding attack needs a name. Throws FORBIDDEN.
 */
export function createHostGuard(options: HostGuardOptions): (request: FastifyRequest) => void {
  const names = new Set([...options.allowedHosts.map((name) => name.toLowerCase()), options.host.toLowerCase()]);
  const offLoopback = !isLoopback(options.host);
  const known = (name: string): boolean =>
    loopbackNames.has(name) || names.has(name) || (offLoopback && isIP(name) !== 0);
  return (request) => {
    const host = request.headers.host ?? '';
    if (!known(nameOf(host))) {
      throw new CerebroError('FORBIDDEN', `The host "${clip(host)}" is not one of ours; add it to the allowed hosts.`);
    }
    const origin = request.headers.origin;
    if (origin !== undefined && hostOf(origin) !== host.toLowerCase()) {
      throw new CerebroError('FORBIDDEN', `Requests from the origin "${clip(origin)}" are refused.`);
    }
    const site = request.headers['sec-fetch-site'];
    const followsLink = request.method === 'GET' && request.headers['sec-fetch-mode'] === 'navigate';
    if ((site === 'cross-site' || site === 'same-site') && !followsLink) {
      throw new CerebroError('FORBIDDEN', 'Requests on behalf of another site are refused.');
    }
  };
}

function nameOf(host: string): string {
  const lower = host.toLowerCase();
  if (lower.startsWith('[')) return lower.slice(1, lower.indexOf(']'));
  return lower.replace(/:\d+$/, '');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function clip(text: string): string {
  return text.slice(0, 100);
}
