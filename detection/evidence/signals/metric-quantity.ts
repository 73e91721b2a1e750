import { z } from 'zod';
import { leftWords, limitWords } from './metric-words.ts';

/** What the number of a metric counts, beside its role. */
export const quantities = z.enum([
  'count',
  'errors',
  'duration',
  'used',
  'free',
  'max',
  'pending',
  'level',
  'age',
  'in',
  'out',
  'hits',
  'misses',
  'rows',
  'scan',
  'indexes',
  'consumers',
  'in-flight',
  'start-time',
  'info',
  'statistic',
]);
export type Quantity = z.infer<typeof quantities>;

/** Whether a name has one of some words. */
export type Has = (...words: string[]) => boolean;

/** Of a level by its words: a limit, what is left below one, who waits, else what is used. */
export function levelOf(has: Has): Quantity {
  if (has(...limitWords)) return 'max';
  if (has(...leftWords)) return 'free';
  if (has('pending', 'waiting', 'waiters', 'wait', 'queued', 'requested')) return 'pending';
  return 'used';
}

/** Of a share of use: what is left, else what is used. */
export function usedOf(has: Has): Quantity {
  return has(...leftWords) ? 'free' : 'used';
}
