import type { Clock } from '../infra/runtime/clock.ts';
import { createFakeClock } from '../infra/runtime/clock.ts';
import { silentLogger } from '../infra/runtime/logger.ts';
import type { Metrics } from '../infra/runtime/metrics.ts';
import { createMetrics } from '../infra/runtime/metrics.ts';
import { createRedactor } from '../infra/runtime/redact.ts';
import { noTracer } from '../infra/runtime/tracing.ts';
import type { ToolSession } from './client.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { openEvidenceStore } from './evidence-store.ts';
import type { GuardOptions, Guards } from './guards/open-guards.ts';
import { openGuards } from './guards/open-guards.ts';
import type { Tool } from './tool.ts';
import type { Toolbox } from './toolbox.ts';
import { createToolbox } from './toolbox.ts';

/** A real toolbox with all guards over stores in memory (or in `folder`) and a clock that stands still; for tests and benchmarks. */
export function createFakeToolbox(
  tools: readonly Tool[],
  options: { clock?: Clock; folder?: string; guards?: GuardOptions; timeoutMs?: number; evidence?: EvidenceStore } = {},
): { toolbox: Toolbox; guards: Guards; evidence: EvidenceStore; metrics: Metrics; close: () => void } {
  const clock = options.clock ?? createFakeClock('2026-11-20T12:00:00Z');
  const folder = options.folder ?? ':memory:';
  const metrics = createMetrics();
  const evidence = options.evidence ?? openEvidenceStore({ clock }, folder);
  const guards = openGuards(
    { clock, metrics, logger: silentLogger, redactor: createRedactor('test') },
    folder,
    options.guards,
  );
  const toolbox = createToolbox(
    { tools, evidence, guards: guards.list, clock, metrics, logger: silentLogger, tracer: noTracer },
    options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs },
  );
  return {
    toolbox,
    guards,
    evidence,
    metrics,
    close() {
      guards.close();
      evidence.close();
    },
  };
}

/** A session for tests: a viewer unless said otherwise. */
export function fakeSession(changes: Partial<ToolSession> = {}): ToolSession {
  return { principal: { id: 'ann', kind: 'person', roles: ['viewer'] }, run: 'run-1', caller: 'test', ...changes };
}
