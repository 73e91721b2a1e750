import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../infra/runtime/clock.ts';
import { silentLogger } from '../../infra/runtime/logger.ts';
import { createMetrics } from '../../infra/runtime/metrics.ts';
import { type KnowledgeSource, openKnowledge } from '../knowledge.ts';
import { dueSources } from './source-runs.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sources-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const clock = createFakeClock('2030-01-01T00:00:00Z');
const open = (...sources: KnowledgeSource[]) =>
  openKnowledge({ clock, logger: silentLogger, metrics: createMetrics() }, { folder: join(folder, 'state'), sources });
const inFolder = (path: string): KnowledgeSource => ({ folder: join(folder, path), name: path });
const everything = { scope: { kinds: [], labels: [] }, entities: [], limit: 20 };

describe('folders', () => {
  it('go past links in a circle, files too large, damaged and binary ones, and report them', async () => {
    write('pages/good.md', '# Drain\n\nStop producers.\n');
    write('pages/binary.md', 'a\u0000b');
    write('pages/broken.json', '{');
    write('pages/huge.txt', '');
    truncateSync(join(folder, 'pages/huge.txt'), 40 * 1024 * 1024);
    symlinkSync(join(folder, 'pages'), join(folder, 'pages/loop'));
    symlinkSync('/etc/hostname', join(folder, 'pages/outside.md'));
    const knowledge = open(inFolder('pages'));
    const { sources, documents } = await knowledge.ingest();
    expect(documents).toBe(1);
    expect(sources[0]?.failed.map(({ uri }) => uri)).toEqual(['binary.md', 'broken.json', 'huge.txt']);
    await knowledge.close();
  });

  it('are not read again where a file holds no document, until it changes', async () => {
    write('pages/values.yaml', 'replicas: 3\n');
    utimesSync(join(folder, 'pages/values.yaml'), 1_000, 1_000);
    const knowledge = open(inFolder('pages'));
    expect((await knowledge.ingest()).sources[0]).toMatchObject({ read: 1, unchanged: 0 });
    expect((await knowledge.ingest()).sources[0]).toMatchObject({ read: 0, unchanged: 1 });
    write('pages/values.yaml', 'openapi: 3.1.0\ninfo: { title: Cart, description: Carts. }\n');
    utimesSync(join(folder, 'pages/values.yaml'), 2_000, 2_000);
    expect((await knowledge.ingest()).sources[0]).toMatchObject({ read: 1, unchanged: 0 });
    expect(knowledge.counts().documents).toBe(1);
    await knowledge.close();
  });

  it('keep their pages when they cannot be reached, and lose them when they are configured no longer', async () => {
    write('one/a.md', '# Alpha\n\nfirst\n');
    write('two/b.md', '# Beta\n\nsecond\n');
    const both = open(inFolder('one'), inFolder('two'));
    await both.ingest();
    rmSync(join(folder, 'one'), { recursive: true });
    write('two/c.md', '# Gamma\n\nthird\n');
    const { sources } = await both.ingest();
    expect(sources.map(({ failed }) => failed.length)).toEqual([1, 0]);
    expect(both.counts().documents).toBe(3);
    await both.close();
    const second = open(inFolder('two'));
    await second.ingest();
    expect(
      (await second.retrieve({ ...everything, text: 'first second third' })).map(({ passage }) => passage.uri),
    ).toEqual(expect.not.arrayContaining(['a.md']));
    expect(second.counts().documents).toBe(2);
    await second.close();
  });
});

describe('a git work tree', () => {
  it('gives tracked documents, owners and comments of code, and nothing that git ignores', async () => {
    const git = (...args: string[]): void =>
      void execFileSync(
        'git',
        ['-C', join(folder, 'repo'), '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args],
        { stdio: 'ignore' },
      );
    write('repo/README.md', '# Cart\n\nKeeps carts.\n');
    write('repo/CODEOWNERS', '/services/cart/ @org/shop\n');
    write(
      'repo/services/cart/main.go',
      '// Retries a charge three times, because the provider answers late when a charge is open.\nfunc charge() {}\n',
    );
    write('repo/.gitignore', 'build/\n');
    write('repo/build/notes.md', '# Built\n\nignored\n');
    git('init', '-q');
    git('add', '.');
    write('repo/untracked.md', '# Draft\n\nnot yet\n');
    const knowledge = open(inFolder('repo'));
    await knowledge.ingest();
    const found = await knowledge.retrieve({ ...everything, text: 'cart charge provider owned notes draft' });
    expect(found.map(({ passage }) => passage.uri).sort()).toEqual([
      'CODEOWNERS',
      'README.md',
      'services/cart/main.go',
    ]);
    expect(found.find(({ passage }) => passage.uri.endsWith('main.go'))?.passage).toMatchObject({
      heading: 'charge',
      lineFrom: 1,
    });
    expect((await knowledge.topology.read('2030-01-01T00:00:00.001Z')).edges).toEqual([
      expect.objectContaining({ from: 'other:shop', to: 'service:cart', kind: 'owns', confidence: 0.7 }),
    ]);
    await knowledge.close();
  });
});

describe('a Stack Exchange dump', () => {
  const row = (id: number, more: string): string => `  <row Id="${id}" ${more} />`;
  const posts = (score: number): string =>
    [
      '<?xml version="1.0" encoding="utf-8"?>',
      '<posts>',
      row(
        1,
        'PostTypeId="1" Score="5" Title="Pods &amp;amp; restarts" Tags="&lt;kubernetes&gt;&lt;pods&gt;" Body="&lt;p&gt;Why do pods restart?&lt;/p&gt;"',
      ),
      row(
        2,
        `PostTypeId="2" ParentId="1" Score="${score}" Body="&lt;p&gt;Look at the &lt;code&gt;exit code&lt;/code&gt;.&lt;/p&gt;"`,
      ),
      row(3, 'PostTypeId="2" ParentId="1" Score="-2" Body="&lt;p&gt;Reboot.&lt;/p&gt;"'),
      '  <row Id="4" PostTypeId="1" Score="9" Title="cut',
      '</posts>',
    ].join('\n');

  it('is streamed row by row: questions and answers by their title, unliked ones left out, damaged ones reported', async () => {
    write('dump/Posts.xml', posts(7));
    const knowledge = open(inFolder('dump/Posts.xml'));
    const { sources } = await knowledge.ingest();
    expect(sources[0]).toMatchObject({ read: 2, failed: [{ uri: 'Posts.xml/4' }] });
    const [first] = await knowledge.retrieve({ ...everything, text: 'look at exit code' });
    expect(first?.passage).toMatchObject({
      uri: 'Posts.xml/2',
      title: 'Pods &amp; restarts',
      heading: 'Answer',
      lineFrom: 4,
      text: 'Answer, score 7\nLook at the exit code.',
    });
    write('dump/Posts.xml', posts(8));
    expect((await knowledge.ingest()).sources[0]).toMatchObject({ read: 1, unchanged: 1, removed: 0 });
    await knowledge.close();
  });
});

describe('schedules', () => {
  it('make each source due on its own time, and remember the last result over a restart', async () => {
    write('one/a.md', '# Alpha\n\nfirst\n');
    write('two/b.json', '{');
    const sources = [
      { ...inFolder('one'), everyMinutes: 5 },
      { ...inFolder('two'), everyMinutes: 60 },
    ];
    const knowledge = open(...sources);
    expect(knowledge.due().due).toEqual(['one', 'two']);
    await knowledge.ingest();
    expect(knowledge.due()).toEqual({ due: [], nextMs: 5 * 60_000 });
    await knowledge.close();
    clock.advance(6 * 60_000);
    const again = open(...sources);
    expect(again.due().due).toEqual(['one']);
    const { sources: read } = await again.ingest({ only: ['one'] });
    expect(read.map(({ source }) => source)).toEqual(['one']);
    expect(again.sources()).toMatchObject([
      {
        source: 'one',
        everyMs: 300_000,
        last: { at: '2030-01-01T00:06:00.000Z', report: { unchanged: 1, failed: [] } },
      },
      { source: 'two', last: { at: '2030-01-01T00:00:00.000Z', report: { failed: [{ uri: 'b.json' }] } } },
    ]);
    await again.close();
  });

  it('make a source due whose last reading lies in the future', () => {
    const run = {
      source: 'a',
      at: '2031-01-01T00:00:00Z',
      report: { source: 'a', read: 0, unchanged: 0, removed: 0, failed: [], elapsedMs: 0 },
    };
    expect(dueSources([{ name: 'a', everyMs: 1_000 }], [run], Date.parse('2030-01-01T00:00:00Z')).due).toEqual(['a']);
  });
});
