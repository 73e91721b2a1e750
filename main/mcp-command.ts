import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../app.ts';
import type { Config } from '../config.ts';
import { systemClock } from '../infra/runtime/clock.ts';
import { createLogger } from '../infra/runtime/logger.ts';
import { version } from '../infra/runtime/version.ts';
import { serveMcpStdio } from '../mcp-server/stdio.ts';
import { openCapsule } from '../tools/sources/capsule/open-capsule.ts';

/** Serves the tools on stdin and stdout until the client goes, over the configured sources or over a capsule. */
export async function runMcp(config: Config, options: { capsule?: string }): Promise<void> {
  const scratch = options.capsule === undefined ? undefined : mkdtempSync(join(tmpdir(), 'cerebro-mcp-'));
  const app =
    options.capsule === undefined || scratch === undefined
      ? await openApp(config)
      : await openApp({ ...config, dataDir: scratch }, { sources: (await openCapsule(options.capsule)).sources });
  const served = serveMcpStdio(
    {
      toolbox: { clientFor: (session) => app.clientFor(session) },
      library: { investigations: app.investigations },
      clock: systemClock,
      logger: createLogger({ level: config.logLevel }),
    },
    { version, principal: { id: 'mcp-stdio', kind: 'mcp-client', roles: ['responder'] } },
  );
  await new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await served.close();
  await app.close();
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
}
