import { z } from 'zod';
import type { Topology } from '../../domain/entity.ts';
import { topology as topologySchema } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import { finding } from '../../domain/finding.ts';
import { span } from '../../domain/signal.ts';
import type { Coverage } from '../../detection/diagnosis/diagnosis-input.ts';
import { memberOf } from '../../infra/runtime/member-of.ts';
import { topologyFromSpans } from '../../detection/evidence/traces/topology-from-spans.ts';
import type { ReadDeps } from './read-deps.ts';
import { mergeTopologies } from './topology-view.ts';

/** The little of the evidence store that is read here. */
export interface EvidenceReader {
  get(id: string): { tool: string } | undefined;
  raw(id: string): unknown;
}

/** What evidence holds for a diagnosis: findings stamped with their evidence, the joined topology, which signals were looked at, and ids that are unknown. */
export interface LoadedEvidence {
  findings: Finding[];
  topology: Topology;
  coverage: Coverage;
  unknown: string[];
}

/** So many misreadings are told. */
const mostMisread = 3;

const signalOfTool: Readonly<Record<string, keyof Coverage>> = {
  check_alerts: 'metrics',
  find_anomalies: 'metrics',
  compare_with_baseline: 'metrics',
  find_log_patterns: 'logs',
  search_traces: 'traces',
  list_changes: 'changes',
  check_resources: 'resources',
  walk_topology: 'topology',
};

/** Loads findings and topologies from evidence by id. A finding that occurs in several keeps all their ids. Malformed members are left out. */
export function loadFindings(
  deps: { evidence: EvidenceReader; sources: ReadDeps['sources'] },
  ids: readonly string[],
): LoadedEvidence {
  const findings = new Map<string, Finding>();
  const topologies: Topology[] = [];
  const unknown: string[] = [];
  const looked = new Set<keyof Coverage>();
  const misread = new Set<string>();
  for (const id of new Set(ids)) {
    const record = deps.evidence.get(id);
    if (record === undefined) {
      unknown.push(id);
      continue;
    }
    const raw = deps.evidence.raw(id);
    const signal = signalOfTool[record.tool];
    if (signal !== undefined) looked.add(signal);
    for (const one of findingsIn(raw)) {
      const known = findings.get(one.id);
      findings.set(one.id, { ...one, evidence: [...new Set([...(known?.evidence ?? []), id])] });
    }
    for (const { sentence } of misreadIn(raw)) misread.add(sentence);
    const topology = topologyIn(raw);
    if (topology !== undefined && topology.edges.length > 0) {
      topologies.push(topology);
      looked.add('topology');
    }
  }
  return {
    findings: [...findings.values()],
    topology: mergeTopologies(topologies),
    coverage: coverageOf(deps.sources, looked, [...misread]),
    unknown,
  };
}

function findingsIn(raw: unknown): Finding[] {
  const list = memberOf(raw, 'findings');
  return Array.isArray(list) ? list.flatMap((one) => finding.safeParse(one).data ?? []) : [];
}

const misreadings = z.array(z.object({ sentence: z.string().max(400) }));

function misreadIn(raw: unknown): { sentence: string }[] {
  return misreadings.safeParse(memberOf(raw, 'misread')).data ?? [];
}

function topologyIn(raw: unknown): Topology | undefined {
  const whole = topologySchema.safeParse(memberOf(raw, 'topology'));
  if (whole.success) return whole.data;
  const spans = z.array(span).safeParse(memberOf(raw, 'spans'));
  return spans.success ? topologyFromSpans(spans.data) : undefined;
}

function coverageOf(
  sources: ReadDeps['sources'],
  looked: ReadonlySet<keyof Coverage>,
  misread: readonly string[],
): Coverage {
  const connected = {
    metrics: sources.metrics,
    logs: sources.logs,
    traces: sources.traces,
    changes: sources.changes,
    resources: sources.cluster,
    topology: sources.topology,
  };
  const one = (signal: keyof Coverage): Coverage[keyof Coverage] => {
    if (looked.has(signal))
      return signal === 'metrics' && misread.length > 0
        ? { present: true, misread: misread.slice(0, mostMisread) }
        : { present: true };
    return {
      present: false,
      note: connected[signal] === undefined ? 'no source is connected' : 'nothing was found or asked for',
    };
  };
  return {
    metrics: one('metrics'),
    logs: one('logs'),
    traces: one('traces'),
    changes: one('changes'),
    resources: one('resources'),
    topology: one('topology'),
  };
}
