import type { Answer } from '../../domain/answer.ts';
import type { Diagnosis } from '../../domain/diagnosis.ts';
import type { Understanding } from '../../domain/question.ts';
import { cast } from './fake-incident-signals.ts';
import type { FakeEvidence } from './fake-incident-evidence.ts';

/** The answer about the fake incident: headline, three sections, two charts and a plan that waits, every fact cited. */
export function fakeAnswer(
  seen: FakeEvidence,
  concluded: { understanding: Understanding; diagnosis: Diagnosis },
  run: string,
  thread: string,
): Answer {
  const { latency, pool, errors, logs, changes, edges, database } = seen.ids;
  return {
    run,
    thread,
    status: 'answered',
    understanding: concluded.understanding,
    headline: [
      {
        text: 'Checkout is slow because payment ran out of connections to ledger.',
        evidence: [latency, pool],
        kind: 'fact',
      },
      {
        text: 'Config change chg-4812 cut the pool from 40 to 4, 21 seconds before.',
        evidence: [changes],
        kind: 'fact',
      },
    ],
    sections: [
      {
        title: 'Why',
        sentences: [
          {
            text: 'payment has 17 requests waiting for 4 connections; before, none waited.',
            evidence: [pool],
            kind: 'fact',
          },
          {
            text: 'Its logs show a new pattern, "pool ledger exhausted", from 4 s after the onset.',
            evidence: [logs],
            kind: 'fact',
          },
          { text: 'ledger itself is fast: 3 ms per query, as before.', evidence: [database], kind: 'fact' },
        ],
      },
      {
        title: 'Who is affected',
        sentences: [
          {
            text: 'checkout p95 latency rose from 0.18 s to 1.9 s, and 2.4 requests fail each second.',
            evidence: [latency, errors],
            kind: 'fact',
          },
          { text: 'gateway passes it on to everybody who pays; browsing is well.', evidence: [edges], kind: 'fact' },
        ],
      },
      {
        title: 'Ruled out',
        sentences: concluded.diagnosis.ruledOut.map((one) => ({
          text: `${one.change}: ${one.reason}`,
          evidence: one.evidence,
          kind: 'fact' as const,
        })),
      },
      {
        title: 'Next step',
        sentences: [{ text: 'A plan with one action waits for approval.', evidence: [], kind: 'note' }],
      },
    ],
    charts: [
      { title: 'p95 latency', evidence: latency, entities: [cast.checkout, cast.payment] },
      { title: 'payment: pool "ledger"', evidence: pool, entities: [cast.payment] },
    ],
    diagnosis: concluded.diagnosis,
    plan: {
      actions: [
        {
          id: 'act-1',
          verb: 'restore_config',
          entity: cast.payment,
          input: { change: 'chg-4812' },
          why: 'The change that brought the fault is small and can be taken back.',
          risk: 'low',
          preCheck: 'payment still runs with pool.max 4.',
          undo: 'Apply chg-4812 again.',
          verify: 'Requests waiting for a connection fall below 1 within 2 minutes.',
          evidence: [changes, pool],
        },
      ],
      cautions: ['Open connections rise to at most 40; ledger allows 200.'],
    },
    evidence: seen.evidence,
    by: 'rules',
  };
}
