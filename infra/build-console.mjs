// Builds the console's pages (bots/console/web) into bots/console/dist. npm runs it as `prepare`; without the build tools (a production
// install) it says so and leaves, and the console then shows how to build it.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const say = (line) => process.stdout.write(`${line}\n`);

/** Vite, or nothing where development dependencies are not installed. Any other failure to load it is a defect and passes through. */
async function loadVite() {
  try {
    return await import('vite');
  } catch (thrown) {
    if (thrown?.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw thrown;
  }
}

const vite = await loadVite();
if (vite === undefined) {
  say('console: not built, since vite is not installed here');
} else {
  const started = performance.now();
  await vite.build({
    root: join(root, 'bots/console/web'),
    configFile: false,
    logLevel: 'warn',
    base: './',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: join(root, 'bots/console/dist'),
      emptyOutDir: true,
      target: 'es2023',
      // Data URLs would need a wider content security policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
  say(`console: built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
