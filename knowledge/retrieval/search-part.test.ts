import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { silentLogger } from '../../infra/runtime/logger.ts';
import { createMetrics } from '../../infra/runtime/metrics.ts';
import type { Embedder } from '../embedder.ts';
import { openKnowledge } from '../knowledge.ts';
import { searchPart } from './search-part.ts';

describe('a search that fails', () => {
  const fail = (error: Error) => async (): Promise<string> => {
    throw error;
  };
  const down = new CerebroError('BACKEND_UNAVAILABLE', 'down');

  it('costs its part only where the back end is to blame', async () => {
    const failed: string[] = [];
    const options = { signal: undefined, onFailed: (part: string) => void failed.push(part) };
    expect(await searchPart('a', 'none', fail(down), options)).toBe('none');
    expect(await searchPart('b', 'none', fail(new CerebroError('BACKEND_REJECTED', 'no key')), options)).toBe('none');
    await expect(searchPart('c', 'none', fail(new TypeError('ours')), options)).rejects.toThrow('ours');
    const withdrawn = { ...options, signal: AbortSignal.abort() };
    await expect(searchPart('d', 'none', fail(down), withdrawn)).rejects.toThrow('abort');
    expect(failed).toEqual(['a', 'b']);
  });

  it('leaves the words to answer when the embedder is away', async () => {
    let away = false;
    const embedder: Embedder = {
      name: 'far',
      version: '1',
      dimensions: 2,
      embed: (texts) => (away ? Promise.reject(down) : Promise.resolve(texts.map(() => Float32Array.of(1, 0)))),
    };
    const warned: unknown[] = [];
    const logger = { ...silentLogger, warn: (_: string, fields?: unknown) => void warned.push(fields) };
    const knowledge = openKnowledge(
      { clock: createFakeClock('2030-01-01T00:00:00Z'), logger, metrics: createMetrics() },
      {
        folder: ':memory:',
        sources: [],
        embedder,
        readers: [
          {
            name: 'pages',
            async *list() {
              yield { uri: 'queue.md', stamp: '1' };
            },
            load: () => Promise.resolve(new TextEncoder().encode('x')),
            parse: ({ uri }) =>
              Promise.resolve([
                {
                  uri,
                  title: 'Queue',
                  kind: 'runbook',
                  labels: [],
                  entities: [],
                  sections: [{ path: [], line: 1, text: 'The queue is full. Add workers.' }],
                },
              ]),
          },
        ],
      },
    );
    await knowledge.ingest();
    const ask = () =>
      knowledge.retrieve({ text: 'full queue', scope: { kinds: [], labels: [] }, entities: [], limit: 3 });
    expect((await ask())[0]?.places).toHaveProperty('meaning');
    away = true;
    const [hit] = await ask();
    expect(hit?.passage.uri).toBe('queue.md');
    expect(hit?.places).not.toHaveProperty('meaning');
    expect(warned).toEqual([{ part: 'meaning', code: 'BACKEND_UNAVAILABLE', message: 'down' }]);
    await knowledge.close();
  });
});
