import type { Answer } from '../../domain/answer.ts';
import type { Diagnosis } from '../../domain/diagnosis.ts';
import type { Evidence, EvidenceId } from '../../domain/evidence.ts';
import type { Understanding } from '../../domain/question.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import { fakeAnswer } from './fake-incident-answer.ts';
import { createFakeEvidence } from './fake-incident-evidence.ts';
import { cast } from './fake-incident-signals.ts';

/** A whole incident as canned domain objects: what was seen, what was concluded, what was answered. */
export interface FakeIncident {
  understanding: Understanding;
  evidence: Evidence[];
  raw: ReadonlyMap<EvidenceId, unknown>;
  diagnosis: Diagnosis;
  answer(run: string, thread: string): Answer;
}

/**
 * A connection pool of payment that a config change shrank, seen as slow checkouts: metrics, logs, changes, topology, a proven cause, two things ruled
 * out, a gap and a plan. For trying and testing doors without an engine. The same `now` gives the same bytes.
 */
export function createFakeIncident(now: string): FakeIncident {
  const onset = msOf(now) - 610_000;
  const window = { from: isoOf(msOf(now) - 1_800_000), to: now };
  const seen = createFakeEvidence(window, onset);
  const { latency, pool, errors, logs, changes, edges, database } = seen.ids;
  const at = (seconds: number): string => isoOf(onset + seconds * 1000);

  const understanding: Understanding = {
    intent: 'diagnose',
    agents: ['investigator', 'diagnostician', 'remediator'],
    entities: [cast.checkout],
    unknownNames: [],
    metric: 'latency',
    window,
  };

  const diagnosis: Diagnosis = {
    verdict: 'cause',
    window,
    onset: at(0),
    confidence: 0.94,
    symptoms: [
      {
        entity: cast.checkout,
        signal: { type: 'metric', role: 'latency', name: 'http_request_duration_p95' },
        onset: at(12),
        statement: 'checkout p95 latency rose from 0.18 s to 1.9 s',
        evidence: [latency],
      },
      {
        entity: cast.checkout,
        signal: { type: 'metric', role: 'errors', name: 'http_requests_failed_total' },
        onset: at(16),
        statement: 'checkout errors rose from 0.1 to 2.4 per second',
        evidence: [errors],
      },
    ],
    hypotheses: [
      {
        id: 'hy-1',
        entity: cast.payment,
        faultKind: 'pool-exhausted',
        mechanism:
          'The pool of connections to ledger was cut from 40 to 4, so charges wait for a free connection and time out.',
        culprit: true,
        change: 'chg-4812',
        onset: at(0),
        score: 9.1,
        confidence: 0.94,
        findingsFor: [
          '17 requests wait for a connection',
          'new log pattern "pool ledger exhausted"',
          'chg-4812 lowered pool.max 21 s before',
        ],
        findingsAgainst: [],
        evidence: [pool, logs, changes],
        certificate: {
          structural: { holds: 'yes', reason: 'checkout calls payment; gateway calls checkout.', evidence: [edges] },
          temporal: {
            holds: 'yes',
            reason: 'payment departs 12 s before checkout, and 21 s after chg-4812.',
            evidence: [latency, changes],
          },
          statistical: {
            holds: 'yes',
            reason: 'Each hop departs from its baseline by more than 8 spreads.',
            evidence: [latency, pool],
          },
          paths: [
            [
              { entity: cast.payment, onset: at(0), effectSize: 31.4 },
              { entity: cast.checkout, onset: at(12), effectSize: 22.7 },
              { entity: cast.gateway, onset: at(19), effectSize: 8.3 },
            ],
          ],
          grade: 'proven',
        },
      },
      {
        id: 'hy-2',
        entity: cast.ledger,
        faultKind: 'database-slow',
        mechanism: 'The ledger database answers slowly, so connections are held longer.',
        culprit: true,
        score: 2.2,
        confidence: 0.04,
        findingsFor: ['payment waits on calls to ledger'],
        findingsAgainst: ['ledger query time is unchanged at 3 ms'],
        evidence: [database],
        certificate: {
          structural: { holds: 'yes', reason: 'payment writes to ledger.', evidence: [edges] },
          temporal: { holds: 'unknown', reason: 'ledger shows no onset to put in order.', evidence: [] },
          statistical: {
            holds: 'no',
            reason: 'ledger query time does not depart from its baseline.',
            evidence: [database],
          },
          paths: [],
          grade: 'unproven',
        },
      },
    ],
    ruledOut: [
      {
        entity: cast.recommendation,
        change: 'chg-4809',
        reason: 'Deployed 4 min before the onset, but no path leads from recommendation to checkout.',
        evidence: [edges, changes],
      },
      {
        entity: cast.search,
        change: 'chg-4815',
        reason: 'The flag was turned on 95 s after the onset.',
        evidence: [changes],
      },
    ],
    gaps: [
      {
        missing: 'The time that acquirer.example takes is not measured.',
        wouldShow: 'A client span or histogram on calls from payment to acquirer.example.',
        limits: 'A slow provider cannot be excluded by data of its own.',
      },
    ],
    blastRadius: [cast.checkout, cast.gateway],
    timeline: [
      {
        at: at(-260),
        entity: cast.recommendation,
        text: '3.18.0 deployed (chg-4809)',
        evidence: [changes],
      },
      {
        at: at(-21),
        entity: cast.payment,
        text: 'Config change chg-4812: ledger pool.max 40 to 4',
        evidence: [changes],
      },
      { at: at(0), entity: cast.payment, text: 'Requests begin to wait for a ledger connection', evidence: [pool] },
      { at: at(4), entity: cast.payment, text: 'New log pattern: pool ledger exhausted', evidence: [logs] },
      { at: at(12), entity: cast.checkout, text: 'p95 latency leaves its baseline', evidence: [latency] },
      { at: at(16), entity: cast.checkout, text: 'Errors leave their baseline', evidence: [errors] },
    ],
  };

  return {
    understanding,
    evidence: seen.evidence,
    raw: seen.raw,
    diagnosis,
    answer: (run, thread) => fakeAnswer(seen, { understanding, diagnosis }, run, thread),
  };
}
