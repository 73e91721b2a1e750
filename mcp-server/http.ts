import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import type { AuthInfo, McpHandlerRequestOptions, McpServer } from '@modelcontextprotocol/server';
import {
  createMcpHandler,
  isInitializeRequest,
  isLegacyRequest,
  localhostAllowedHostnames,
  validateHostHeader,
  validateOriginHeader,
} from '@modelcontextprotocol/server';
import type { Principal } from '../domain/question.ts';
import { principal as principalSchema } from '../domain/question.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { Logger } from '../infra/runtime/logger.ts';
import type { TokenGrant } from './authenticate.ts';
import { createAuthenticate, isLoopback } from './authenticate.ts';
import type { McpServerDeps, McpServerSettings } from './create-mcp-server.ts';
import { createMcpServer } from './create-mcp-server.ts';
import { createSessions } from './sessions.ts';

export interface McpHttpOptions extends McpServerSettings {
  /** The address that the HTTP server listens on; decides whether tokens are needed. */
  host?: string;
  /** Host names under which clients may reach it, without port; this machine's own always. */
  allowedHosts?: string[];
  /** Host names of web pages that may call it; this machine's own always. */
  allowedOrigins?: string[];
  tokens?: TokenGrant[];
}

/** MCP over Streamable HTTP, to be mounted at one path of any Node HTTP server. */
export interface McpHttp {
  /** Answers one request, whatever its path; reads the body itself. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Tells clients that listen that the list of tools (or prompts) changed. */
  toolsChanged(): void;
  promptsChanged(): void;
  close(): Promise<void>;
}

/** Who connects from this machine without a token: may read and propose. */
const localPrincipal: Principal = { id: 'mcp-local', kind: 'mcp-client', roles: ['responder'] };

/**
 * Makes the endpoint for both living revisions: 2026-07-28 stateless, 2025-11-25 with sessions (and without for clients that open none).
 * Checks Host and Origin against DNS rebinding, and bearer tokens. Throws CONFIG_INVALID when it would listen off loopback without a token.
 */
export function createMcpHttp(deps: McpServerDeps & { logger: Logger }, options: McpHttpOptions): McpHttp {
  const tokens = options.tokens ?? [];
  if (tokens.length === 0 && (!isLoopback(options.host ?? '127.0.0.1') || (options.allowedHosts ?? []).length > 0)) {
    throw new CerebroError(
      'CONFIG_INVALID',
      'MCP over HTTP off this machine needs at least one token; set `mcp.tokens` or listen on 127.0.0.1.',
    );
  }
  const authenticate = createAuthenticate(tokens, localPrincipal);
  const hosts = [...localhostAllowedHostnames(), ...(options.allowedHosts ?? [])];
  const origins = [...localhostAllowedHostnames(), ...(options.allowedOrigins ?? [])];
  const onerror = (error: Error): void => deps.logger.warn('mcp-request-failed', { reason: error.message });
  const makeServer = (authInfo: AuthInfo | undefined): Promise<McpServer> =>
    createMcpServer(
      deps,
      { principal: principalSchema.parse(authInfo?.extra?.['principal']), caller: 'mcp-http' },
      options,
    );
  const stateless = createMcpHandler(({ authInfo }) => makeServer(authInfo), { onerror });
  const sessions = createSessions({ clock: deps.clock, makeServer });

  const serve = async (request: Request, given: McpHandlerRequestOptions = {}): Promise<Response> => {
    const { authInfo } = given;
    if (authInfo === undefined) throw new CerebroError('UNAUTHENTICATED', 'No principal.');
    if (!(await isLegacyRequest(request))) return stateless.fetch(request, { authInfo });
    const who = { principal: authInfo.clientId, authInfo };
    const session = request.headers.get('mcp-session-id');
    if (session !== null) return sessions.serve(session, request, who);
    if (await opensSession(request)) return sessions.open(request, who);
    return stateless.fetch(request, { authInfo });
  };
  const node = toNodeHandler({ fetch: serve }, { onerror });

  return {
    async handle(request, response) {
      try {
        const host = validateHostHeader(request.headers.host, hosts);
        if (!host.ok) throw new CerebroError('FORBIDDEN', host.message);
        const origin = validateOriginHeader(request.headers.origin, origins);
        if (!origin.ok) throw new CerebroError('FORBIDDEN', origin.message);
        const principal = authenticate({
          authorization: request.headers.authorization,
          remoteAddress: request.socket.remoteAddress,
        });
        const auth: AuthInfo = {
          token: '',
          clientId: principal.id,
          scopes: [...principal.roles],
          extra: { principal },
        };
        await node(
          {
            method: request.method ?? 'GET',
            url: request.url ?? '/',
            headers: request.headers,
            auth,
            [Symbol.asyncIterator]: () => request[Symbol.asyncIterator](),
          },
          response,
        );
      } catch (thrown) {
        refuse(response, CerebroError.from(thrown), deps.logger);
      }
    },
    toolsChanged() {
      stateless.notify.toolsChanged();
      sessions.toolsChanged();
    },
    promptsChanged: () => stateless.notify.promptsChanged(),
    async close() {
      await sessions.close();
      await stateless.close();
    },
  };
}

/** Listens for MCP alone at `/mcp`. Port 0 takes a free one. */
export async function listenMcpHttp(
  mcp: McpHttp,
  address: { host: string; port: number },
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (new URL(request.url ?? '/', 'http://localhost').pathname === '/mcp') void mcp.handle(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, resolve);
  });
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    async close() {
      await mcp.close();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

async function opensSession(request: Request): Promise<boolean> {
  if (request.method !== 'POST') return false;
  try {
    const body: unknown = await request.clone().json();
    return Array.isArray(body) ? body.some(isInitializeRequest) : isInitializeRequest(body);
  } catch {
    // Not JSON: the stateless handler answers that with the protocol's own error.
    return false;
  }
}

function refuse(response: ServerResponse, error: CerebroError, logger: Logger): void {
  logger.warn('mcp-refused', { code: error.code, reason: error.message });
  if (response.headersSent) {
    response.end();
    return;
  }
  const headers = {
    'content-type': 'application/json',
    ...(error.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  };
  const message = error.code === 'INTERNAL' ? 'Internal error' : error.message;
  response
    .writeHead(error.status, headers)
    .end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32000, message } }));
}
