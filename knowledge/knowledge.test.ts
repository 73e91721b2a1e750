import { mkdtempSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../infra/runtime/clock.ts';
import { silentLogger } from '../infra/runtime/logger.ts';
import { createMetrics } from '../infra/runtime/metrics.ts';
import { openKnowledge } from './knowledge.ts';

const deps = { clock: createFakeClock('2030-01-01T00:00:00Z'), logger: silentLogger, metrics: createMetrics() };
const all = { kinds: [], entities: [], limit: 5, labels: [] };
let folder = '';
let pages = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'knowledge-'));
  pages = join(folder, 'pages');
  mkdirSync(join(pages, 'runbooks'), { recursive: true });
  write(
    'runbooks/QueueBacklogGrowing.md',
    '# QueueBacklogGrowing\n\n## Meaning\n\nConsumers fall behind.\n\n## Mitigation\n\nAdd workers.\n',
  );
  write(
    'runbooks/DiskAlmostFull.md',
    '# DiskAlmostFull\n\n## Meaning\n\nThe volume has little space left.\n\n## Mitigation\n\nRemove old segments.\n',
  );
  write('design.md', '# Checkout\n\nThe checkout service charges cards through the payment provider.\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  writeFileSync(join(pages, path), text);
  utimesSync(join(pages, path), 1_000_000, 1_000_000 + text.length);
}

function open() {
  return openKnowledge(deps, { folder, sources: [pages] });
}

describe('knowledge', () => {
  it('finds a runbook by the parts of its name and says where the passage stands', async () => {
    const knowledge = open();
    await knowledge.ingest();
    const [hit] = await knowledge.search.search({ ...all, text: 'backlog of the queue is growing' });
    expect(hit).toMatchObject({
      kind: 'runbook',
      title: 'QueueBacklogGrowing',
      source: 'runbooks/QueueBacklogGrowing.md:1-9',
    });
    await knowledge.close();
  });

  it('reads only what changed, and forgets pages that are gone', async () => {
    const knowledge = open();
    await knowledge.ingest();
    write('design.md', '# Checkout\n\nThe checkout service now uses a wallet.\n');
    rmSync(join(pages, 'runbooks/DiskAlmostFull.md'));
    const report = await knowledge.ingest();
    expect(report.sources[0]).toMatchObject({ read: 1, unchanged: 1, removed: 1, failed: [] });
    const found = await knowledge.search.search({ ...all, text: 'disk volume space wallet provider' });
    expect(found.map(({ title }) => title)).not.toContain('DiskAlmostFull');
    expect(found[0]?.text).toContain('wallet');
    await knowledge.close();
  });

  it('answers the same after it was closed and opened', async () => {
    const first = open();
    await first.ingest();
    const before = await first.search.search({ ...all, text: 'payment' });
    await first.close();
    const second = open();
    expect(await second.search.search({ ...all, text: 'payment' })).toEqual(before);
    expect(before).not.toEqual([]);
    await second.close();
  });

  it('never shows a page to one who lacks its label', async () => {
    write('secret.md', '---\nlabels: [security]\n---\n# Breach\n\nThe payment provider was breached.\n');
    const knowledge = open();
    await knowledge.ingest();
    const text = 'payment provider breached';
    expect((await knowledge.search.search({ ...all, text })).map(({ title }) => title)).not.toContain('Breach');
    const allowed = await knowledge.search.search({ ...all, text, labels: ['security'] });
    expect(allowed[0]?.title).toBe('Breach');
    await knowledge.close();
  });

  it('finds pages about what an entity depends on, and says the way there; a page that is gone takes its edges along', async () => {
    write(
      'checkout.yaml',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: checkout }\nspec: { template: { spec: { containers: [{ name: a, env: [{ name: DB, value: "postgres://ledger-db:5432/x" }] }] } } }\n',
    );
    write('ledger.md', '---\nentities: [ledger-db]\n---\n# Ledger\n\nVacuum runs at night.\n');
    const knowledge = open();
    await knowledge.ingest();
    const request = { text: 'timeouts', scope: { kinds: [], labels: [] }, entities: ['service:checkout'], limit: 5 };
    const found = await knowledge.retrieve(request);
    const ledger = found.find(({ passage }) => passage.uri === 'ledger.md');
    expect(ledger?.why.at(-1)).toBe('about a neighbour: service:checkout reads database:ledger-db');
    rmSync(join(pages, 'checkout.yaml'));
    await knowledge.ingest();
    expect((await knowledge.topology.read('2030-01-01T00:00:00.001Z')).entities).toEqual([]);
    expect((await knowledge.retrieve(request)).map(({ passage }) => passage.uri)).not.toContain('ledger.md');
    await knowledge.close();
  });

  it('lets nothing be felt of a page that the asker may not see: not in places, reasons or neighbours', async () => {
    const deploy = (name: string, to: string): string =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec: { template: { spec: { containers: [{ name: a, env: [{ name: DB, value: "postgres://${to}:5432/x" }] }] } } }\n`;
    write('checkout.yaml', deploy('checkout', 'ledger-db'));
    write('ledger.md', '---\nentities: [ledger-db]\n---\n# Ledger\n\nVacuum runs at night, as vault-keeper asks.\n');
    const request = {
      text: 'vault-keeper timeouts of checkout',
      scope: { kinds: [], labels: [] },
      entities: ['service:checkout'],
      limit: 5,
    };
    const plain = open();
    await plain.ingest();
    const before = await plain.retrieve(request);
    await plain.close();
    write(
      'hidden.md',
      '---\nlabels: [secret]\nentities: [ledger-db, vault-keeper, checkout]\n---\n# Vault keeper\n\ntimeouts of checkout\n',
    );
    const knowledge = open();
    await knowledge.ingest();
    const after = await knowledge.retrieve(request);
    expect(after.map(({ passage, places, why }) => [passage.uri, places, why])).toEqual(
      before.map(({ passage, places, why }) => [passage.uri, places, why]),
    );
    const allowed = await knowledge.retrieve({ ...request, scope: { kinds: [], labels: ['secret'] } });
    expect(allowed.map(({ passage }) => passage.uri)).toContain('hidden.md');
    await knowledge.close();
  });

  it('says why a hit is there, and cuts a long page to the lines that matter, at their place', async () => {
    const long = Array.from({ length: 180 }, (_, index) => `filler line number ${index}`);
    long[150] = 'The wallet rotates its keys.';
    write('long.md', `# Long\n\n${long.join('\n')}\n`);
    const knowledge = open();
    await knowledge.ingest();
    const [hit, ...others] = await knowledge.search.search({ ...all, text: 'wallet keys rotate number' });
    expect(hit?.why[0]).toBe('holds wallet, keys, rotate, number');
    expect(hit?.why[1]).toContain('words (place 1)');
    expect(hit?.text).toContain('The wallet rotates its keys.');
    expect(hit?.text.length).toBeLessThanOrEqual(4_000);
    expect([hit, ...others].reduce((sum, one) => sum + (one?.text.length ?? 0), 0)).toBeLessThanOrEqual(16_000);
    const [, from, to] = /:(\d+)-(\d+)$/.exec(hit?.source ?? '') ?? [];
    expect(Number(from)).toBeLessThanOrEqual(153);
    expect(Number(to)).toBeGreaterThanOrEqual(153);
    await knowledge.close();
  });
});
