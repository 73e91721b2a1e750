import { randomUUID } from 'node:crypto';
import type { AuthInfo, McpServer } from '@modelcontextprotocol/server';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import type { Clock } from '../infra/runtime/clock.ts';

import { createEventStore } from './event-store.ts';

interface Session {
  transport: WebStandardStreamableHTTPServerTransport;
  server: McpServer;
  principal: string;
  usedAt: number;
}

/** Sessions of 2025-era clients (the 2026 revision has none). */
export interface Sessions {
  /** Opens a session with an `initialize` request. */
  open(request: Request, who: { principal: string; authInfo: AuthInfo }): Promise<Response>;
  /** Serves a request of a session; 404 for one that is unknown, ended, or another principal's. */
  serve(id: string, request: Request, who: { principal: string; authInfo: AuthInfo }): Promise<Response>;
  /** Tells every open session that the list of tools changed. */
  toolsChanged(): void;
  close(): Promise<void>;
}

/** Keeps at most `most` sessions; idle ones end after `idleMs`, and the longest idle makes room. */
export function createSessions(
  deps: { clock: Clock; makeServer(authInfo: AuthInfo): Promise<McpServer> },
  options: { most?: number; idleMs?: number } = {},
): Sessions {
  const most = options.most ?? 100;
  const idleMs = options.idleMs ?? 30 * 60_000;
  const sessions = new Map<string, Session>();

  const end = async (id: string): Promise<void> => {
    const session = sessions.get(id);
    sessions.delete(id);
    await session?.server.close().catch(() => undefined);
  };
  const makeRoom = async (): Promise<void> => {
    const now = deps.clock.now();
    const byAge = [...sessions].sort(([, left], [, right]) => left.usedAt - right.usedAt);
    for (const [id, session] of byAge) {
      if (now - session.usedAt > idleMs || sessions.size >= most) await end(id);
    }
  };

  return {
    async open(request, { principal, authInfo }) {
      await makeRoom();
      const server = await deps.makeServer(authInfo);
      let opened = false;
      const transport = new WebStandardStreamableHTTPServerTransport({
        sessionIdGenerator: () => randomUUID(),
        eventStore: createEventStore(),
        retryInterval: 1_000,
        onsessioninitialized: (id) => {
          opened = true;
          sessions.set(id, { transport, server, principal, usedAt: deps.clock.now() });
        },
        onsessionclosed: end,
      });
      await server.connect(transport);
      const response = await transport.handleRequest(request, { authInfo });
      if (!opened) await server.close();
      return response;
    },
    async serve(id, request, { principal, authInfo }) {
      const session = sessions.get(id);
      if (session === undefined || session.principal !== principal) {
        const error = {
          jsonrpc: '2.0',
          id: null,
          error: { code: -32001, message: 'Session not found; initialize anew.' },
        };
        return Response.json(error, { status: 404 });
      }
      session.usedAt = deps.clock.now();
      return session.transport.handleRequest(request, { authInfo });
    },
    toolsChanged() {
      for (const { server } of sessions.values()) server.sendToolListChanged();
    },
    async close() {
      for (const id of sessions.keys()) await end(id);
    },
  };
}
