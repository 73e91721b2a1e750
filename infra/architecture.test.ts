import { dirname, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { importsOf, sourceFiles, textOf } from './source-files.ts';

/** Who may import whom, besides itself (ARCHITECTURE.md says why). `*` is everything. */
const mayImport: Record<string, string[]> = {
  domain: [],
  'infra/runtime': ['domain'],
  'config-sources.ts': ['infra/runtime'],
  'config.ts': ['config-sources.ts', 'domain', 'infra/runtime'],
  'detection/faults': ['domain', 'infra/runtime'],
  'detection/evidence': ['domain', 'infra/runtime', 'detection/faults', 'detection/models/contracts.ts'],
  'detection/diagnosis': ['domain', 'infra/runtime', 'detection/faults', 'detection/evidence'],
  'detection/models': ['domain', 'infra/runtime', 'detection/evidence'],
  'detection/lifecycle': ['domain', 'infra/runtime', 'detection/evidence', 'detection/models'],
  knowledge: ['domain', 'infra/runtime'],
  tools: ['domain', 'infra/runtime', 'detection', 'knowledge'],
  'mcp-server': ['domain', 'infra/runtime', 'tools'],
  agents: ['domain', 'infra/runtime', 'tools/client.ts'],
  bots: ['domain', 'infra/runtime'],
  connect: ['domain', 'infra/runtime', 'tools'],
  'app.ts': [
    'domain',
    'infra/runtime',
    'config.ts',
    'detection',
    'knowledge',
    'tools',
    'mcp-server',
    'agents',
    'bots',
    'app',
  ],
  app: ['domain', 'infra/runtime', 'config.ts', 'detection', 'knowledge', 'tools', 'mcp-server', 'agents', 'bots'],
  'evals/lab': [],
  evals: ['*'],
  'main.ts': ['*'],
  main: ['*'],
  infra: ['*'],
};

/** npm packages that belong to one place only. A key ending in `*` is a prefix. */
const fences: Record<string, string[]> = {
  '@langchain/*': ['agents/'],
  '@aws-sdk/client-bedrock-runtime': ['agents/reasoners/', 'knowledge/embedders/'],
  '@aws-sdk/client-cloudwatch': ['detection/lifecycle/ingest/cloudwatch/open-cloudwatch.ts'],
  '@aws-sdk/client-cloudwatch-logs': ['detection/lifecycle/ingest/cloudwatch/open-cloudwatch.ts'],
  '@redis/client': ['detection/lifecycle/features/'],
  '@modelcontextprotocol/*': ['mcp-server/'],
  '@slack/bolt': ['bots/slack/'],
  'onnxruntime-node': ['detection/', 'knowledge/embedders/'],
  '@huggingface/tokenizers': ['knowledge/embedders/'],
  'prom-client': ['infra/runtime/metrics.ts', 'evals/lab/'],
  '@kubernetes/client-node': ['tools/sources/'],
  'simple-git': ['tools/sources/', 'knowledge/ingestion/'],
  unpdf: ['knowledge/ingestion/readers/pdf-worker.ts'],
  htmlparser2: ['knowledge/ingestion/readers/read-html.ts'],
  '@qdrant/js-client-rest': ['knowledge/stores/'],
  'neo4j-driver': ['knowledge/stores/'],
  '@opensearch-project/opensearch': ['knowledge/stores/', 'tools/sources/'],
  '@opentelemetry/*': ['infra/runtime/'],
  pino: ['infra/runtime/logger.ts'],
};

const isTest = (path: string): boolean => /\.(test|conformance|bench)\.tsx?$|fake-|fixtures/.test(path);
const files = sourceFiles(['.ts', '.tsx']).filter((path) => !/^vitest\..*config\.ts$/.test(path));

function unitOf(path: string): string | undefined {
  const subject = path.replace(/\.(test|conformance|bench)\.ts$/, '.ts');
  if (!path.includes('/')) return mayImport[subject] === undefined ? undefined : subject;
  const matches = Object.keys(mayImport).filter((unit) => path.startsWith(`${unit}/`));
  return matches.sort((left, right) => right.length - left.length)[0];
}

function allowed(from: string, target: string): boolean {
  const unit = unitOf(from);
  const targetUnit = unitOf(target);
  if (unit === undefined || targetUnit === undefined) return false;
  if (targetUnit === 'evals/lab') return unit === 'evals/lab';
  if (unit === targetUnit) return true;
  return (mayImport[unit] ?? []).some(
    (entry) => entry === '*' || entry === target || entry === targetUnit || targetUnit.startsWith(`${entry}/`),
  );
}

/** What a module loads before its first line runs: neither types nor what it imports when it needs it. */
function loadedBy(text: string): string[] {
  return importsOf(
    text.replaceAll(/\b(import|export)\s+type\s[^'"]*['"][^'"]+['"]/g, '').replaceAll(/\bimport\([^)]*\)/g, ''),
  );
}

const names = z.record(z.string(), z.string());

describe('architecture', () => {
  it('has no file outside a known folder', () => {
    expect(files.filter((path) => unitOf(path) === undefined)).toEqual([]);
  });

  it('imports only downwards, types included', () => {
    const wrong: string[] = [];
    for (const path of files) {
      for (const specifier of importsOf(textOf(path))) {
        // A JSON file is a table, in no unit.
        if (!specifier.startsWith('.') || specifier.endsWith('.json')) continue;
        const target = posix.normalize(posix.join(dirname(path), specifier));
        // A test may import what tests the whole; the suites and fakes of its own folder are in its unit anyway. What the rooms of detection/
        // make of the same incident is tested together.
        if (
          isTest(path) &&
          (target === 'app.ts' ||
            target.startsWith('app/') ||
            target === 'config.ts' ||
            target.startsWith('infra/') ||
            (path.startsWith('detection/') && target.startsWith('detection/')))
        )
          continue;
        if (!allowed(path, target)) wrong.push(`${path} -> ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('keeps npm packages inside their fences', () => {
    const wrong: string[] = [];
    for (const path of files) {
      if (isTest(path)) continue;
      for (const specifier of importsOf(textOf(path))) {
        for (const [fence, places] of Object.entries(fences)) {
          const inside = fence.endsWith('*')
            ? specifier.startsWith(fence.slice(0, -1))
            : specifier === fence || specifier.startsWith(`${fence}/`);
          if (inside && !places.some((place) => path.startsWith(place))) wrong.push(`${path} -> ${specifier}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('declares every npm package that it imports, and imports none of the test packages in the product', () => {
    const manifest = z
      .object({ dependencies: names, devDependencies: names })
      .parse(JSON.parse(textOf('package.json')));
    const wrong: string[] = [];
    for (const path of files) {
      for (const specifier of importsOf(textOf(path))) {
        if (specifier.startsWith('.') || specifier.startsWith('node:')) continue;
        const name = specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/');
        const development =
          isTest(path) || path.startsWith('bots/console/web/') || path === 'mcp-server/conformance-main.ts';
        if (manifest.dependencies[name] === undefined && !(development && manifest.devDependencies[name] !== undefined))
          wrong.push(`${path} -> ${name}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('reads the environment, the time and chance in one place each', () => {
    const wrong: string[] = [];
    for (const path of files) {
      if (
        isTest(path) ||
        path.startsWith('infra/') ||
        path.startsWith('evals/lab/') ||
        path.startsWith('bots/console/web/')
      )
        continue;
      const code = textOf(path).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      if (/process\.env\b/.test(code)) wrong.push(`${path}: process.env`);
      if (/\bDate\.now\(|new Date\(\)|performance\.now\(/.test(code)) wrong.push(`${path}: the real clock`);
      if (/Math\.random\(/.test(code)) wrong.push(`${path}: Math.random`);
    }
    expect(wrong).toEqual([]);
  });

  it('loads nothing but the words of the commands before one is chosen', () => {
    const loaded = new Set(['main.ts']);
    const packages: string[] = [];
    for (const path of loaded)
      for (const specifier of loadedBy(textOf(path))) {
        if (!specifier.startsWith('.')) packages.push(specifier);
        else if (!specifier.endsWith('.json')) loaded.add(posix.normalize(posix.join(dirname(path), specifier)));
      }
    expect(packages.filter((name) => !name.startsWith('node:'))).toEqual(['commander']);
    expect([...loaded].filter((path) => !/^main\b/.test(path)).sort()).toEqual([
      'infra/runtime/errors.ts',
      'infra/runtime/version.ts',
    ]);
  });

  it('tells what is loaded with a module from types and from what is loaded later', () => {
    const text =
      "import a from './a.ts';\nimport type { B } from './b.ts';\nimport { type C, c } from './c.ts';\nconst d = await import('./d.ts');\nexport type { E } from './e.ts';";
    expect(loadedBy(text)).toEqual(['./a.ts', './c.ts']);
  });

  it('sees the import that a line of each form makes', () => {
    const text =
      "import a from './a.ts';\nimport type { B } from './b.ts';\nexport { c } from './c.ts';\nconst d = await import('./d.ts');\nimport './e.ts';\nimport {\n  f,\n} from './f.ts';";
    expect(importsOf(text)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts']);
  });
});
