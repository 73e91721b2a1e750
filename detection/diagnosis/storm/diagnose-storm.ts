import type { Certificate, Condition, Diagnosis, Hypothesis } from '../../../domain/diagnosis.ts';
import type { EntityId, Topology } from '../../../domain/entity.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import type { Window } from '../../../domain/time.ts';
import { contentHash } from '../../../infra/runtime/canonical-json.ts';
import { createRarity } from './rarity.ts';
import type { Rarity } from './rarity.ts';
import type { StormAlert } from './storm-alert.ts';
import { stormCandidates, stormFeatureNames } from './storm-features.ts';
import type { StormCandidate } from './storm-features.ts';
import { stormFaultOf, usualKindsOf } from './storm-fault.ts';
import type { StormFault, UsualKinds } from './storm-fault.ts';
import { stormWeights } from './storm-weights.ts';

/** Below this share of all that may be to blame a storm's cause is not claimed: a risk of a third. */
const leastShare = 0.65;

/** An alert storm with what the site knows of itself; nothing else is read. */
export interface Storm {
  alerts: readonly StormAlert[];
  /** The alerts of other incidents of this site, one list each; may be empty. */
  history: readonly (readonly StormAlert[])[];
  topology: Topology;
  window: Window;
}

const shownHypotheses = 8;

/** The kind of the fault catalogue that a class of alerts speaks for. */
const kindOfFault: Readonly<Record<StormFault, string>> = {
  cpu: 'cpu-saturation',
  memory: 'memory-leak',
  disk: 'disk-full',
  network: 'network-latency',
  process: 'dependency-down',
  application: 'bad-deploy-errors',
};

/**
 * Diagnoses an incident of which nothing is known but its alerts: which entity they point to, by how rare they are at this site, what kinds
 * they are, who shares them and who calls whom. A log-linear ranking with fitted weights; the confidence is its share among all candidates.
 * Alerts are hearsay: the grade is `supported` at most, and below the usual confidence the verdict is to abstain. Never `healthy` while
 * there is an alert. Pure and deterministic; cost linear in alerts, history and edges but for sorting.
 */
export function diagnoseStorm(storm: Storm): Diagnosis {
  const rarity = createRarity(storm.history);
  const site = { rarity, kinds: usualKindsOf(storm.alerts, storm.history) };
  const ranked = rankStorm(storm, rarity);
  const hypotheses = ranked
    .slice(0, shownHypotheses)
    .map((one, index) => hypothesisOf({ storm, site }, one, ranked[index + 1]));
  const top = hypotheses[0];
  const isCarried = top !== undefined && top.confidence >= leastShare;
  return {
    verdict: storm.alerts.length === 0 ? 'healthy' : isCarried ? 'cause' : 'abstain',
    window: storm.window,
    symptoms: symptomsOf(storm),
    hypotheses,
    ruledOut: [],
    gaps: [
      {
        missing: 'metrics, logs and traces',
        wouldShow:
          'what departs from normal at each entity, and since when; alerts alone tell only where somebody drew a line.',
      },
    ],
    blastRadius: [...new Set(storm.alerts.map(({ entity }) => entity))].filter((one) => one !== top?.entity).sort(),
    timeline: [],
    confidence: top?.confidence ?? 0,
  };
}

interface Placed {
  candidate: StormCandidate;
  score: number;
  share: number;
}

function rankStorm({ alerts, topology }: Storm, rarity: Rarity): Placed[] {
  const scored = stormCandidates(alerts, rarity, topology).map((candidate) => ({
    candidate,
    score: stormFeatureNames.reduce((sum, name) => sum + stormWeights[name] * candidate.features[name], 0),
  }));
  const best = Math.max(...scored.map(({ score }) => score));
  const all = scored.reduce((sum, { score }) => sum + Math.exp(score - best), 0);
  return scored
    .map((one) => ({ ...one, share: Math.exp(one.score - best) / all }))
    .sort((left, right) => right.score - left.score || (left.candidate.entity < right.candidate.entity ? -1 : 1));
}

function hypothesisOf(
  { storm, site }: { storm: Storm; site: { rarity: Rarity; kinds: UsualKinds } },
  { candidate, score, share }: Placed,
  next: Placed | undefined,
): Hypothesis {
  const { entity } = candidate;
  const alerts = candidate.alerts.map(({ alert }) => alert);
  const faultKind = kindOfFault[stormFaultOf(entity, alerts, site.kinds)];
  const name = entityNameOf(entity);
  const decided = stormFeatureNames
    .map((feature) => ({
      feature,
      lead: stormWeights[feature] * (candidate.features[feature] - (next?.candidate.features[feature] ?? 0)),
    }))
    .filter(({ lead }) => lead > 0.05)
    .sort((left, right) => right.lead - left.lead)
    .slice(0, 3);
  const rarest = candidate.alerts.slice(0, 3).map(({ alert }) => timesText(alert, site.rarity));
  const why =
    decided.length === 0
      ? ''
      : `; before the next by ${decided.map(({ feature }) => featureWords[feature]).join(', ')}`;
  return {
    id: `hy_${contentHash([entity, faultKind]).slice(0, 12)}`,
    entity,
    faultKind,
    mechanism: `the alerts of ${name} are the least usual of this storm: ${rarest.join('; ')}${why}`.slice(0, 600),
    culprit: true,
    score,
    confidence: Math.round(100 * share) / 100,
    findingsFor: [],
    findingsAgainst: [],
    evidence: [],
    certificate: certificateOf(storm, candidate, share),
  };
}

const featureWords: Readonly<Record<(typeof stormFeatureNames)[number], string>> = {
  metrics: 'more that is unusual for it',
  'rarest-metric': 'an alert that is rare here',
  logs: 'lines that it seldom writes',
  'rarest-log': 'a line that is new or rare',
  'own-evidence': 'alerts on its own resources',
  'alone-of-its-kind': 'what its replicas do not show',
  called: 'callers that complain of it',
  first: 'being first',
  'shared-by-members': 'what its instances share',
  'callee-is-worse': 'callees that are no worse',
};

function timesText(alert: StormAlert, { incidents, timesOf }: Rarity): string {
  const past = incidents === 0 ? '' : ` (in ${timesOf(alert)} of ${incidents} past incidents)`;
  return `${plain(alert.name)}${alert.direction === undefined ? '' : ` ${alert.direction}`}${past}`;
}

/** Names of alerts are text written by others: letters and digits of them are shown. */
function plain(name: string): string {
  return (
    name
      .replaceAll(/[^\p{L}\p{N} ._/-]+/gu, ' ')
      .trim()
      .slice(0, 80) || 'unnamed'
  );
}

/** An alert that fewer than one past incident in twenty had is rare. */
const rareShare = 1 / 20;

function certificateOf(storm: Storm, { entity, alerts, features }: StormCandidate, share: number): Certificate {
  const name = entityNameOf(entity);
  const alarmed = new Set(storm.alerts.map((alert) => alert.entity));
  alarmed.delete(entity);
  const reached = [...alarmed].filter((other) => dependsOn(storm.topology, other, entity));
  const structural: Condition =
    storm.topology.edges.length === 0
      ? { holds: 'unknown', reason: 'the topology is not known', evidence: [] }
      : {
          holds: alarmed.size === 0 || reached.length >= alarmed.size / 2 ? 'yes' : 'unknown',
          reason: `${reached.length} of ${alarmed.size} other entities with alerts depend on ${name} or are part of it`,
          evidence: [],
        };
  const temporal: Condition = {
    holds: 'unknown',
    reason: 'alerts come late by how they are made; their order proves nothing',
    evidence: [],
  };
  const rare = alerts.filter(({ rarity }) => Math.exp(-rarity) <= rareShare);
  const statistical: Condition = {
    holds: rare.length > 0 ? 'yes' : 'unknown',
    reason: `${rare.length} of ${alerts.length} alerts of ${name} are rare at this site (${storm.history.length} past incidents)`,
    evidence: [],
  };
  const isClear = statistical.holds === 'yes' && share >= leastShare && features['own-evidence'] > 0;
  return { structural, temporal, statistical, paths: [], grade: isClear ? 'supported' : 'suspected' };
}

/** Whether one entity reaches another along dependencies, ownership included either way, within four hops. */
function dependsOn({ edges }: Topology, from: EntityId, to: EntityId): boolean {
  let front = new Set([from]);
  for (let hop = 0; hop < 4 && front.size > 0; hop += 1) {
    const next = new Set<EntityId>();
    for (const edge of edges) {
      if (front.has(edge.from)) next.add(edge.to);
      if (edge.kind === 'owns' && front.has(edge.to)) next.add(edge.from);
    }
    if (next.has(to)) return true;
    front = next;
  }
  return false;
}

/** One symptom an entity: how many alerts it has, most first. */
function symptomsOf({ alerts }: Storm): Diagnosis['symptoms'] {
  const counts = new Map<EntityId, number>();
  for (const { entity } of alerts) counts.set(entity, (counts.get(entity) ?? 0) + 1);
  return [...counts]
    .sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1))
    .slice(0, 12)
    .map(([entity, count]) => ({
      entity,
      statement: `${entityNameOf(entity)} has ${count} alert${count === 1 ? '' : 's'}`,
      evidence: [],
    }));
}
