import { expect } from 'vitest';
import type { LogRecord, Resource } from '../../../domain/signal.ts';
import { checkResources } from './check-resources.ts';
import { faultKindOf } from '../../faults/fault-catalogue.ts';

/** A broken cluster, what must be told of it, and the same cluster with the refuting condition. */
export interface CheckCase {
  /** What is wrong, in words. */
  says: string;
  broken: Resource[];
  logs?: LogRecord[];
  expected: [entity: string, kind: string];
  /** The same cluster with the refuting condition. */
  refuted: Resource[];
  refutedLogs?: LogRecord[];
}

/** The kind is told at the entity, with its rule and what refutes it, and not in the refuted cluster. */
export function expectCheck({ broken, logs, expected, refuted, refutedLogs }: CheckCase): void {
  const [entity, kind] = expected;
  const found = checkResources(broken, logs);
  expect(found.filter((one) => one.faultKind === kind).map((one) => one.entity)).toContain(entity);
  const [told] = found.filter((one) => one.faultKind === kind);
  expect(told?.data).toMatchObject({ rule: expect.any(String), refutedBy: expect.any(String) });
  expect(faultKindOf(kind)).toBeDefined();
  expect(checkResources(refuted, refutedLogs).map((one) => one.faultKind)).not.toContain(kind);
}
