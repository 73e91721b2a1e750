import { environmentSettings } from '../config.ts';
import { errorTable } from './runtime/errors.ts';
import { metricTable } from './runtime/metrics.ts';

const note = '<!-- Written by `npm run docs` from the code; a test compares. -->';

/** The documents that are made from tables in the code, by path. */
export function generatedDocs(): Promise<Record<string, string>> {
  return Promise.resolve({
    'docs/errors.md': errors(),
    'docs/metrics.md': metrics(),
    'docs/environment.md': environment(),
  });
}

function errors(): string {
  const rows = Object.entries(errorTable).map(
    ([code, row]) => `| \`${code}\` | ${row.status} | ${row.retryable ? 'yes' : 'no'} | ${row.meaning} |`,
  );
  return `# Error codes\n\n${note}\n\n| code | HTTP status | worth trying again | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function metrics(): string {
  const rows = Object.entries(metricTable).map(
    ([name, row]) =>
      `| \`${name}\` | ${row.type} | ${row.labels.map((label) => `\`${label}\``).join(', ')} | ${row.help} |`,
  );
  return `# Metrics of Cerebro itself\n\n${note}\n\nServed at \`/metrics\`.\n\n| metric | type | labels | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function environment(): string {
  const rows = environmentSettings.map((setting) => `| \`${setting.variable}\` | \`${setting.path.join('.')}\` |`);
  return `# Environment variables\n\n${note}\n\nEach gives one setting of the config file (\`--config\`, see \`cerebro.example.json\`); the variable wins. Every setting is described in \`config.ts\`.\n\n| variable | setting |\n|---|---|\n${rows.join('\n')}\n`;
}
