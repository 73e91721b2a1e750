import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { Registry } from 'prom-client';
import type { Change } from '../changes/change.ts';

/** What the product may see. */
export interface Observability {
  readonly scrape: { job: string; url: string }[];
  readonly logs: { service: string; path: string }[];
  readonly changes: string;
  readonly gateway: string;
}

export interface PublicParts {
  readonly observability: () => Observability;
  readonly changesSince: (from: string | undefined) => Change[];
  readonly host: Registry;
  readonly processes: Registry;
}

/** The public port: where to look, the change feed, the exporters of the host and of the supervisor. */
export function createPublicServer(parts: PublicParts): Server {
  const answer = async (url: URL): Promise<{ type: string; text: string } | undefined> => {
    const json = (value: unknown) => ({ type: 'application/json', text: JSON.stringify(value) });
    switch (url.pathname) {
      case '/observability':
        return json(parts.observability());
      case '/changes':
        return json(parts.changesSince(url.searchParams.get('since') ?? undefined));
      case '/host/metrics':
        return { type: parts.host.contentType, text: await parts.host.metrics() };
      case '/supervisor/metrics':
        return { type: parts.processes.contentType, text: await parts.processes.metrics() };
      default:
        return undefined;
    }
  };
  return createServer((request, response) => {
    answer(new URL(request.url ?? '/', 'http://public')).then(
      (found) => {
        response.writeHead(found === undefined ? 404 : 200, { 'content-type': found?.type ?? 'text/plain' });
        response.end(found?.text ?? 'not found');
      },
      (error: unknown) => {
        response.writeHead(400, { 'content-type': 'text/plain' });
        response.end(error instanceof Error ? error.message : 'bad request');
      },
    );
  });
}
