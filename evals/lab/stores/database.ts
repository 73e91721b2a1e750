import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '../random.ts';
import { openLog } from '../service-kit/log.ts';
import { createMetrics } from '../service-kit/metrics.ts';
import type { Value } from '../service-kit/pool.ts';
import type { ProcessConfig } from '../service-kit/process-config.ts';
import { followParent } from '../service-kit/service.ts';
import { databaseMetrics } from './database-metrics.ts';
import { createStatements } from './statements.ts';
import { initialRows, tableDesigns } from './table-designs.ts';

const lockTimeoutMs = 2500;
const slowMs = 30;

interface Wanted {
  readonly sql: string;
  readonly values: readonly Value[];
}

/**
 * Runs one database server: SQLite behind JSON lines over TCP, one statement at a time per connection. The metrics
 * are served over HTTP on the port after the data port.
 */
export function runDatabase(config: ProcessConfig): void {
  const spec = config.database;
  if (spec === undefined) throw new Error('no database in the configuration');
  const random = createRandom(config.seed).fork(config.name);
  const log = openLog({
    service: config.name,
    path: config.logPath,
    skewMs: config.skewMs,
    shuffled: config.shuffledLogs,
    random: random.fork('log'),
  });
  const metrics = createMetrics();
  metrics.buildInfo.set({ version: config.settings.version }, 1);
  const database = new DatabaseSync(spec.file, { timeout: 0 });
  database.exec('PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000');
  for (const domain of spec.domains) prepareTable(database, domain);
  const statements = createStatements(database);
  const measured = databaseMetrics({ db: config.name, database, domains: spec.domains, metrics });

  const execute = async (wanted: Wanted): Promise<unknown> => {
    const started = performance.now();
    const operation = wanted.sql.slice(0, wanted.sql.indexOf(' ')).toUpperCase();
    // What a network and a disk would take; SQLite beside us on a warm page cache takes none.
    await delay(spec.latencyMs * random.between(0.7, 1.4));
    let status = 'ok';
    try {
      const rows = await whenUnlocked(() => statements.run(wanted.sql, wanted.values), measured.waiting);
      measured.rows.inc({ db: config.name }, rows.length);
      return { rows };
    } catch (error) {
      status = 'error';
      const message = error instanceof Error ? error.message : String(error);
      log.write('error', `statement failed: ${message}`, { operation, statement: wanted.sql });
      return { error: message };
    } finally {
      const took = performance.now() - started;
      const plan = statements.plan(wanted.sql);
      measured.operations.inc({ db: config.name, operation, status });
      measured.duration.observe({ db: config.name, operation }, took / 1000);
      if (plan !== undefined) measured.scans.inc({ db: config.name, table: plan.table, kind: plan.kind });
      if (took > slowMs && random.chance(0.5)) {
        const fields = { duration_ms: Math.round(took), statement: wanted.sql, plan: plan?.detail };
        log.write('warn', 'slow statement', fields);
      }
    }
  };

  const sockets = new Set<Socket>();
  const data = createTcpServer((socket) => {
    sockets.add(socket);
    measured.connections.set({ db: config.name }, sockets.size);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      measured.connections.set({ db: config.name }, sockets.size);
    });
    const lines = createInterface({ input: socket });
    lines.on('error', () => socket.destroy());
    lines.on('line', (line) => {
      const wanted: Wanted = JSON.parse(line);
      void execute(wanted).then((answer) => socket.write(`${JSON.stringify(answer)}\n`));
    });
  });
  const http = createServer((incoming, response) => {
    if (incoming.url !== '/metrics') return response.end('{"status":"ok"}');
    void metrics.registry.metrics().then((text) => response.end(text));
    return response;
  });
  http.keepAliveTimeout = 60_000;
  followParent(log, () => undefined);
  http.listen(config.port + 1, '127.0.0.1', () => {
    data.listen(config.port, '127.0.0.1', () => {
      log.write('info', 'ready to accept connections', { version: config.settings.version });
      process.send?.({ ready: true });
    });
  });
}

function prepareTable(database: DatabaseSync, domain: keyof typeof tableDesigns): void {
  const design = tableDesigns[domain];
  const known = database.prepare('SELECT name FROM sqlite_master WHERE name = ?').get(domain);
  database.exec('BEGIN');
  if (known === undefined) {
    database.exec(design.create);
    database.prepare(design.grow).run(1, initialRows);
  }
  // A folder that was used before may hold a table whose index was dropped.
  database.exec(`CREATE INDEX IF NOT EXISTS ${design.index} ON ${design.indexOn}`);
  database.exec('COMMIT');
}

interface WaitMeter {
  begin(): void;
  end(seconds: number): void;
}

async function whenUnlocked<T>(work: () => T, meter: WaitMeter): Promise<T> {
  const started = performance.now();
  let waiting = false;
  try {
    for (;;) {
      try {
        return work();
      } catch (error) {
        const locked = error instanceof Error && /locked|busy/.test(error.message);
        if (!locked || performance.now() - started > lockTimeoutMs) throw error;
        if (!waiting) meter.begin();
        waiting = true;
        await delay(20);
      }
    }
  } finally {
    if (waiting) meter.end((performance.now() - started) / 1000);
  }
}
