import type { Config } from '../config.ts';

/** Options that every command takes. */
export interface CommonOptions {
  config?: string;
  data?: string;
}

/** The config of this process: file, environment, then the command line. Throws CONFIG_INVALID. The schema is loaded here, because `--help` needs none. */
export async function openConfig(options: CommonOptions): Promise<Config> {
  const { configSchema, environmentSettings } = await import('../config.ts');
  const { loadConfig } = await import('../infra/runtime/config-source.ts');
  const config = loadConfig({
    schema: configSchema,
    settings: environmentSettings,
    ...(options.config === undefined ? {} : { file: options.config }),
  });
  return options.data === undefined ? config : { ...config, dataDir: options.data };
}

/** Whether anything is connected; without it the lab is what there is to look at. */
export function hasSources({ sources }: Config): boolean {
  const { collector, prometheus, cloudwatch, kubernetes, loki, opensearch, jaeger, tempo, git, changeFeeds } = sources;
  return (
    [collector, prometheus, cloudwatch, kubernetes, loki, opensearch, jaeger, tempo].some((one) => one !== undefined) ||
    git.length > 0 ||
    changeFeeds.length > 0
  );
}
