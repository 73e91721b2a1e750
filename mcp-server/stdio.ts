import type { Transport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Principal } from '../domain/question.ts';
import type { Logger } from '../infra/runtime/logger.ts';
import type { McpServerDeps, McpServerSettings } from './create-mcp-server.ts';
import { createMcpServer } from './create-mcp-server.ts';

/**
 * Serves MCP over this process's stdin and stdout, for both living revisions, until the client closes its end. Who started the process is
 * the principal. Nothing else may write to stdout.
 */
export function serveMcpStdio(
  deps: McpServerDeps & { logger: Logger },
  options: McpServerSettings & { principal: Principal; transport?: Transport },
): { close(): Promise<void> } {
  return serveStdio(() => createMcpServer(deps, { principal: options.principal, caller: 'mcp-stdio' }, options), {
    onerror: (error) => deps.logger.warn('mcp-stdio-failed', { reason: error.message }),
    ...(options.transport === undefined ? {} : { transport: options.transport }),
  });
}
