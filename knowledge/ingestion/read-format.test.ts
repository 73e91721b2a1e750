import { describe, expect, it } from 'vitest';
import { chunkSections } from '../text/chunk-sections.ts';
import { readMarkdown } from '../text/read-markdown.ts';
import { readFormat } from './read-format.ts';

const read = (uri: string, text: string) => readFormat(uri, new TextEncoder().encode(text));

describe('reading formats', () => {
  it('reads HTML by headings, without scripts and navigation, at the lines of the file', async () => {
    const [page] = await read(
      'wiki/queues.html',
      '<html><head><title>Queues &amp; topics</title></head>\n<body><nav>Home</nav>\n<script>bad()\n</script>\n<h1>Queues</h1>\n<p>First&#33;</p>\n<h2>Drain</h2><p>Stop <b>producers</b>.</p></body></html>',
    );
    expect(page).toMatchObject({ title: 'Queues & topics' });
    expect(page?.sections).toEqual([
      { path: ['Queues'], text: 'First!', line: 5, lineTo: 6 },
      { path: ['Queues', 'Drain'], text: 'Stop producers.', line: 7, lineTo: 7 },
    ]);
  });

  it('makes a runbook of every alert rule, with its link', async () => {
    const found = await read(
      'rules/queue.yaml',
      'groups:\n- name: q\n  rules:\n  - record: a\n    expr: b\n  - alert: QueueStuck\n    expr: depth > 5\n    annotations:\n      runbook_url: https://example.org/QueueStuck\n      summary: The queue is stuck.\n',
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ uri: 'rules/queue.yaml#QueueStuck', kind: 'runbook', title: 'QueueStuck' });
    expect(found[0]?.sections[0]).toMatchObject({
      line: 6,
      text: expect.stringContaining('runbook_url: https://example.org/QueueStuck'),
    });
  });

  it('reads a Backstage catalogue and OpenAPI operations, and nothing into other YAML', async () => {
    const [entity] = await read(
      'catalog-info.yaml',
      'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: cart\nspec:\n  owner: team-shop\n',
    );
    expect(entity).toMatchObject({ title: 'cart', entities: ['cart'] });
    expect(entity?.sections[0]?.text).toContain('owner: team-shop');
    const [api] = await read(
      'api.json',
      '{"openapi":"3.1.0","info":{"title":"Cart"},"paths":{"/items":{"get":{"summary":"List items"}}}}',
    );
    expect(api?.sections.at(-1)).toMatchObject({ path: ['Cart', 'GET /items'], text: 'List items' });
    expect(await read('values.yaml', 'replicas: 3\n')).toEqual([]);
    await expect(read('broken.yaml', 'a: [1\nb: }')).rejects.toThrow('Flow sequence');
  });

  it('makes a document of each thread of a Slack export', async () => {
    const found = await read(
      'ops/2030-01-02.json',
      '[{"ts":"1","user":"U1","text":"db is slow"},{"ts":"2","thread_ts":"1","user":"U2","text":"vacuum runs"},{"ts":"3","text":"lunch"}]',
    );
    expect(found.map(({ uri, title }) => [uri, title])).toEqual([
      ['ops/2030-01-02.json#1', 'db is slow'],
      ['ops/2030-01-02.json#3', 'lunch'],
    ]);
    expect(found[0]?.sections.map(({ text }) => text)).toEqual(['U1: db is slow', 'U2: vacuum runs']);
  });

  it('refuses binary content', async () => {
    await expect(read('a.md', 'abc\u0000def')).rejects.toThrow('no text');
  });

  it('takes headings from outside code only and puts every line into exactly one passage', () => {
    const long = Array.from({ length: 400 }, (_, index) => `line ${index} of a long page about nothing`).join('\n');
    const text = `# Top\n\n\`\`\`\n# not a heading\n\`\`\`\n\nSetext\n======\n\n${long}\n\n## End\nlast`;
    const page = readMarkdown('page.md', text);
    expect(page.sections.map(({ path }) => path)).toEqual([['Top'], ['Setext'], ['Setext', 'End']]);
    const chunks = chunkSections(page);
    expect(chunks.length).toBeGreaterThan(3);
    expect(chunks.map(({ text: part }) => part).join('\n')).toBe(text);
    let next = 1;
    for (const { lineFrom, lineTo } of chunks) {
      expect(lineFrom).toBe(next);
      next = lineTo + 1;
    }
  });
});
