import type { StandingWatchDeps } from '../../../app/standing-watch.ts';
import { createStandingWatch } from '../../../app/standing-watch.ts';
import { configSchema } from '../../../config.ts';
import { createFakeClock } from '../../../infra/runtime/clock.ts';
import { silentLogger } from '../../../infra/runtime/logger.ts';
import { createMetrics } from '../../../infra/runtime/metrics.ts';
import { openInvestigations } from '../../../tools/investigations.ts';
import { createDataSources, loadersOf } from '../../../tools/sources/data-sources.ts';
import type { Estate } from './make-estate.ts';

/** An investigation that the watch opened: when, what opened it, and when each entity was first told in it (milliseconds). */
export interface Opening {
  at: number;
  trigger: 'finding' | 'stream';
  entities: { entity: string; at: number }[];
}

/**
 * The product's standing watch with its default settings over an estate, from the first sample to the last, on a clock that jumps from look to look.
 * Nobody answers its questions: what opens and what joins does not depend on answers. Deterministic.
 */
export async function watchEstate(estate: Estate): Promise<{ openings: Opening[]; looks: number }> {
  const times = estate.series[0]?.samples ?? [];
  const stop = new AbortController();
  const clock = createFakeClock(times[0]?.[0] ?? 0);
  const end = times.at(-1)?.[0] ?? 0;
  const openings = new Map<string, Opening>();
  let looks = 0;
  const investigations = openInvestigations({ clock }, ':memory:');
  const nothing = { logs: [], changes: [], spans: [], resources: [], advisories: [] };
  const data = { ...nothing, metrics: estate.series, topology: { entities: [], edges: [] } };
  const deps: StandingWatchDeps = {
    source: createDataSources(loadersOf(data), 'estate').metrics,
    clock: {
      ...clock,
      sleep: async (ms) => {
        looks += 1;
        await clock.sleep(ms);
        if (clock.now() > end) stop.abort();
      },
    },
    logger: silentLogger,
    metrics: createMetrics(),
    investigations: {
      ...investigations,
      addAlert: (id, alert) => {
        investigations.addAlert(id, alert);
        const trigger = alert.labels['trigger'] === 'stream' ? 'stream' : 'finding';
        const known = openings.get(id) ?? { at: clock.now(), trigger, entities: [] };
        if (clock.now() === known.at && trigger === 'finding') known.trigger = 'finding';
        const entity = alert.labels['entity'] ?? '';
        if (!known.entities.some((one) => one.entity === entity)) known.entities.push({ entity, at: clock.now() });
        openings.set(id, known);
      },
    },
    async *ask(question) {
      yield { type: 'run-end', run: question.thread, at: clock.iso(), status: 'failed' };
    },
  };
  await createStandingWatch(deps, configSchema.parse({})).run(stop.signal);
  investigations.close();
  return { openings: [...openings.values()], looks };
}
