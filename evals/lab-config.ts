import type { Config } from '../config.ts';
import type { LabObservability } from './lab-process.ts';

/** The config by which the product reads a lab: what any small team would write for its own services, and nothing more. */
export function labConfig(config: Config, lab: LabObservability, otlpPort: number): Config {
  return {
    ...config,
    sources: {
      ...config.sources,
      collector: {
        scrape: lab.scrape,
        scrapeIntervalMs: 1_000,
        logs: lab.logs,
        otlpPort,
        retentionHours: 1,
        maxMegabytes: 512,
      },
      changeFeeds: [{ url: lab.changes }],
    },
  };
}
