import { join } from 'node:path';
import type { Config } from '../config.ts';
import { type OnlineFeatures, openOnlineFeatures } from '../detection/lifecycle/features/online-features.ts';
import { openRedisOnlineFeatures } from '../detection/lifecycle/features/redis-online-features.ts';
import { systemClock } from '../infra/runtime/clock.ts';

/** The store of online features that the config names: Redis, else a file in the data folder. */
export function openOnline({ features, dataDir }: Config): OnlineFeatures {
  const { redis, staleMinutes, lifeMinutes } = features;
  const ages = { staleMs: staleMinutes * 60_000, lifeMs: lifeMinutes * 60_000 };
  return redis === undefined
    ? openOnlineFeatures(join(dataDir, 'features.db'), { clock: systemClock }, ages)
    : openRedisOnlineFeatures(redis, { clock: systemClock }, ages);
}
