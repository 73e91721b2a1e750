import { z } from 'zod';

/** An instant as an ISO 8601 string in UTC, as it crosses every process and disk boundary. */
export const instant = z.iso.datetime({ offset: true });

/** A half-open span of time, `from` included, `to` excluded. */
export const window = z.object({ from: instant, to: instant });
export type Window = z.infer<typeof window>;
