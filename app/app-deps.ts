import type { Clock } from '../infra/runtime/clock.ts';
import type { Logger } from '../infra/runtime/logger.ts';
import type { Metrics } from '../infra/runtime/metrics.ts';
import type { Redactor } from '../infra/runtime/redact.ts';
import type { Tracer } from '../infra/runtime/tracing.ts';

/** The services that nearly every part of the app is built from. */
export interface AppDeps {
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  tracer: Tracer;
  redactor: Redactor;
}
