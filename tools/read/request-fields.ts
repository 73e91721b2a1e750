import { z } from 'zod';
import { entityId } from '../../domain/entity.ts';
import type { Window } from '../../domain/time.ts';
import { window } from '../../domain/time.ts';
import type { Clock } from '../../infra/runtime/clock.ts';
import { isoOf } from '../../infra/runtime/clock.ts';

/** Members that many tools share, so that a model learns them once. */
export const windowField = window
  .refine((value) => Date.parse(value.from) < Date.parse(value.to), { error: '`from` must lie before `to`' })
  .describe(
    'Half-open span of time in ISO 8601 with offset: `from` included, `to` excluded. Absent: the last 30 minutes.',
  );

export const entitiesField = z
  .array(entityId)
  .max(100)
  .default([])
  .describe('Entity ids such as `service:checkout` (see list_services). Empty: all.');

/** The window asked for, or the last `minutes` by the clock. */
export function windowOr(asked: Window | undefined, clock: Clock, minutes = 30): Window {
  if (asked !== undefined) return asked;
  const now = clock.now();
  return { from: isoOf(now - minutes * 60_000), to: isoOf(now) };
}

/** "2026-11-20T10:00:00Z to …" for digests and `lookedAt`. */
export function windowText(value: Window): string {
  return `${value.from} to ${value.to}`;
}

/** "service:a, service:b" or "all entities". */
export function entitiesText(entities: readonly string[]): string {
  if (entities.length === 0) return 'all entities';
  const shown = entities.slice(0, 6).join(', ');
  return entities.length > 6 ? `${shown} and ${entities.length - 6} more` : shown;
}
