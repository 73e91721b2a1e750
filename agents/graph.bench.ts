import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Answer } from '../domain/answer.ts';
import { emptyReport } from './agent.ts';
import { createCheckpointer } from './checkpointer.ts';
import { createFakeOrchestrator } from './fake-orchestrator.ts';
import { shopQuestion, shopUnderstanding } from './fake-shop.ts';
import { createGraph } from './graph.ts';
import type { RunServices } from './graph.ts';
import { openStateFile } from './state-file.ts';

const percentile = (times: number[], share: number): number =>
  times.toSorted((left, right) => left - right)[Math.floor(times.length * share)]!;

/** One run of three stages is these hops: understand, then dispatch and agent three times, dispatch, report. */
const hopsPerRun = 9;

test('own overhead of a graph hop, on a file, durability sync: p50 at most 2 ms', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cerebro-bench-'));
  const state = openStateFile(join(folder, 'state.db'));
  const graph = createGraph(createCheckpointer(state));
  const understanding = {
    ...shopUnderstanding,
    agents: ['investigator' as const, 'diagnostician' as const, 'remediator' as const],
  };
  const services: RunServices = {
    understand: () => Promise.resolve(understanding),
    runAgent: () => Promise.resolve(emptyReport()),
    report: (task): Promise<Answer> =>
      Promise.resolve({
        run: task.run,
        thread: 't',
        status: 'answered',
        understanding,
        headline: [],
        sections: [],
        charts: [],
        evidence: [],
        by: 'rules',
      }),
  };
  const times: number[] = [];
  for (let index = 0; index < 220; index += 1) {
    const startedAt = performance.now();
    const ended = await graph.invoke(
      { run: `r${index}`, question: shopQuestion },
      { configurable: { thread_id: `r${index}` }, context: { services }, durability: 'sync' },
    );
    expect(ended.answer?.status).toBe('answered');
    if (index >= 20) times.push((performance.now() - startedAt) / hopsPerRun);
  }
  state.close();
  rmSync(folder, { recursive: true });
  process.stderr.write(
    `graph hop: p50 ${percentile(times, 0.5).toFixed(2)} ms, p95 ${percentile(times, 0.95).toFixed(2)} ms (${times.length} runs of ${hopsPerRun} hops)\n`,
  );
  expect(percentile(times, 0.5)).toBeLessThanOrEqual(2);
});

test('question to answer over tools that answer at once: the whole own cost of a diagnosis', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cerebro-bench-'));
  const state = openStateFile(join(folder, 'state.db'));
  const { orchestrator } = createFakeOrchestrator({ state });
  const times: number[] = [];
  for (let index = 0; index < 120; index += 1) {
    const startedAt = performance.now();
    for await (const event of orchestrator.ask({ ...shopQuestion, text: `why is checkout slow? ${index}` }))
      expect(event.run).toBeDefined();
    if (index >= 20) times.push(performance.now() - startedAt);
  }
  state.close();
  rmSync(folder, { recursive: true });
  process.stderr.write(
    `question to answer: p50 ${percentile(times, 0.5).toFixed(1)} ms, p95 ${percentile(times, 0.95).toFixed(1)} ms\n`,
  );
  expect(percentile(times, 0.5)).toBeLessThanOrEqual(100);
});
