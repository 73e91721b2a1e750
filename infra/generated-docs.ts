import { environmentSettings } from '../config.ts';
import { faultCatalogue } from '../detection/faults/fault-catalogue.ts';
import { errorTable } from './runtime/errors.ts';
import { metricTable } from './runtime/metrics.ts';

const note = '<!-- Written by `npm run docs` from the code; a test compares. -->';

/** The documents that are made from tables in the code, by path. */
export function generatedDocs(): Promise<Record<string, string>> {
  return Promise.resolve({
    'docs/errors.md': errors(),
    'docs/metrics.md': metrics(),
    'docs/environment.md': environment(),
    ...runbooks(),
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

/** One short runbook a fault kind, from the catalogue that the engine itself works by; they are what a fresh installation knows. */
function runbooks(): Record<string, string> {
  return Object.fromEntries(
    faultCatalogue.map((fault) => {
      const list = (items: readonly string[]): string =>
        items.map((item) => `- ${item}`).join('\n') || '- nothing in particular';
      const text = [
        `# ${fault.title} (${fault.kind})`,
        note,
        `${sentenceOf(fault.mechanism)}.${fault.culprit ? '' : ' Nobody in the team is to blame for it.'}`,
        `## How it shows\n\n${list(fault.signature.map(({ says }) => says))}`,
        `## What speaks against it\n\n${list(fault.refutes.map(({ says }) => says))}`,
        `## What is usually done\n\n${list(fault.remedies.map((verb) => verb.replaceAll('_', ' ')))}`,
      ];
      return [`docs/runbooks/${fault.kind}.md`, `${text.join('\n\n')}\n`];
    }),
  );
}

function sentenceOf(mechanism: string): string {
  const text = mechanism.replaceAll('{entity}', 'the entity');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
