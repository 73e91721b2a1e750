import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/**
 * When something was injected; what and where is not for us. The time of day is that of spans and lines; the time stamp beside it is not read:
 * on some days it is that of another time zone.
 */
const times = z.record(z.string(), z.array(z.object({ inject_time: z.string() })));

export interface Injection {
  /** `<day>/<inject_time>/<n>`, n counting within the hour from 1. */
  name: string;
  day: string;
  atMs: number;
}

/** The injections under `rca_data`, in order of time. */
export function listInjections(data: string): Injection[] {
  const root = join(data, 'rca_data');
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .sort()
    .flatMap((day) => {
      const path = join(root, day, `${day}-fault_list.json`);
      if (!existsSync(path)) return [];
      const hours = times.parse(JSON.parse(readFileSync(path, 'utf8')));
      return Object.entries(hours)
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .flatMap(([, list]) =>
          list.map(({ inject_time: time }, index): Injection => ({
            name: `${day}/${time}/${index + 1}`,
            day,
            atMs: Date.parse(`${time.replace(' ', 'T')}Z`),
          })),
        );
    });
}
