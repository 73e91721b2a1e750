import type { ProcessConfig } from './service-kit/process-config.ts';
import { readProcessConfig } from './service-kit/process-config.ts';

// The entry of every child process: loads only what its role needs.
const config = readProcessConfig(process.env);
process.title = config.name;
await run(config);

async function run(own: ProcessConfig): Promise<void> {
  if (own.role === 'database') return (await import('./stores/database.ts')).runDatabase(own);
  if (own.role === 'load') return (await import('./load/load.ts')).runLoad(own);
  if (own.role === 'provider') return (await import('./services/provider.ts')).runProvider(own);
  const [{ runService }, { shapeOf }] = await Promise.all([
    import('./service-kit/service.ts'),
    import('./services/shapes.ts'),
  ]);
  return runService(own, await shapeOf(own.role));
}
