import type { Condition, Diagnosis, Grade } from '../domain/diagnosis.ts';
import type { Finding } from '../domain/finding.ts';
import type { Question, Understanding } from '../domain/question.ts';
import type { CannedTool } from './fake-tool-client.ts';

/** A small invented incident in plain data: payment lost most of its connection pool, checkout is slow by it. */
export const shopQuestion: Question = {
  text: 'why is checkout slow?',
  thread: 'thread-1',
  askedAt: '2026-11-20T14:10:00.000Z',
  timeZone: 'Europe/Berlin',
  principal: { id: 'ada', kind: 'person', roles: ['viewer'] },
};

export const shopUnderstanding: Understanding = {
  intent: 'diagnose',
  agents: ['investigator', 'diagnostician'],
  entities: ['service:checkout'],
  unknownNames: [],
};

const finding = (id: string, entity: string, statement: string, severity: number): Finding => ({
  id,
  kind: 'anomaly',
  entity,
  signal: { type: 'metric', role: 'latency', name: 'http_request_duration_seconds' },
  statement,
  onset: '2026-11-20T14:05:30.000Z',
  severity,
  evidence: [],
});

/** What is seen of checkout in that incident. */
export const shopFinding = finding('fi_2', 'service:checkout', 'p95 of checkout rose from 80 ms to 1.4 s', 0.8);

/** A diagnosis of that incident with a given grade for its first hypothesis. */
export function shopDiagnosis(grade: Grade, changes: Partial<Diagnosis> = {}): Diagnosis {
  const condition: Condition = { holds: 'yes', reason: 'it was checked', evidence: [] };
  return {
    verdict: 'cause',
    window: { from: '2026-11-20T14:05:00.000Z', to: '2026-11-20T14:10:00.000Z' },
    onset: '2026-11-20T14:05:30.000Z',
    symptoms: [{ entity: 'service:checkout', statement: 'p95 of checkout rose from 80 ms to 1.4 s', evidence: [] }],
    hypotheses: [
      {
        id: 'hy_1',
        entity: 'service:payment',
        faultKind: 'pool-exhausted',
        mechanism: 'its pool of connections was set from 20 to 2, so requests wait for one',
        culprit: true,
        change: 'cfg-7',
        onset: '2026-11-20T14:05:20.000Z',
        score: 4,
        confidence: 0.91,
        findingsFor: ['fi_1'],
        findingsAgainst: [],
        evidence: [],
        certificate: {
          structural: condition,
          temporal: condition,
          statistical: condition,
          paths: [[{ entity: 'service:payment' }, { entity: 'service:checkout' }]],
          grade,
        },
      },
    ],
    ruledOut: [{ entity: 'service:cart', change: 'dep-3', reason: 'its deploy came after the onset', evidence: [] }],
    gaps: [{ missing: 'traces of the database', wouldShow: 'whether queries wait for a lock' }],
    blastRadius: ['service:checkout', 'service:gateway'],
    timeline: [
      { at: '2026-11-20T14:05:20.000Z', entity: 'service:payment', text: 'config cfg-7 applied', evidence: [] },
    ],
    confidence: 0.91,
    ...changes,
  };
}

const entities = ['checkout', 'payment', 'cart', 'gateway'].map((name) => ({
  id: `service:${name}`,
  kind: 'service' as const,
  name,
}));

/** The tools of that incident, answering at once. */
export function shopTools(grade: Grade = 'proven'): Record<string, CannedTool> {
  const found = (kind: CannedTool['kind'], findings: Finding[]): CannedTool => ({
    ...(kind === undefined ? {} : { kind }),
    answer: () => ({ data: { findings } }),
  });
  return {
    list_services: { kind: 'topology', answer: () => ({ data: { entities } }) },
    walk_topology: {
      kind: 'topology',
      answer: () => ({
        data: {
          topology: {
            entities,
            edges: [
              { from: 'service:checkout', to: 'service:payment', kind: 'calls', source: 'traces', confidence: 1 },
            ],
          },
        },
      }),
    },
    find_anomalies: found('findings', [
      finding('fi_1', 'service:payment', 'connections in use of payment reached the pool size of 2', 0.9),
      shopFinding,
    ]),
    find_log_patterns: found('logs', [
      finding('fi_3', 'service:payment', 'new error pattern in payment: timeout while waiting for a connection', 0.7),
    ]),
    search_traces: found('traces', []),
    list_changes: found('changes', [finding('fi_4', 'service:payment', 'config cfg-7 of payment at 14:05:20', 0.5)]),
    check_resources: { answer: () => ({ status: 'no-data', lookedAt: 'no cluster is connected' }) },
    rank_causes: { kind: 'diagnosis', answer: () => ({ data: { diagnosis: shopDiagnosis(grade) } }) },
  };
}
