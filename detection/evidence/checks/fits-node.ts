import type { Resource } from '../../../domain/signal.ts';
import { listAt, recordAt, textAt } from './fields.ts';

/** Whether the labels of a node satisfy the node selector of a pod spec. */
export function fitsSelector(node: Resource, podSpec: unknown): boolean {
  const labels = recordAt(node.object, 'metadata', 'labels');
  return Object.entries(recordAt(podSpec, 'nodeSelector')).every(([key, value]) => labels[key] === value);
}

function affinityTermsOf(podSpec: unknown): unknown[] {
  return listAt(
    podSpec,
    'affinity',
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
    'nodeSelectorTerms',
  );
}

/** Whether a node satisfies one of the required affinity terms (terms are alternatives, expressions of one term all hold). */
export function fitsAffinity(node: Resource, podSpec: unknown): boolean {
  const terms = affinityTermsOf(podSpec);
  if (terms.length === 0) return true;
  const labels = recordAt(node.object, 'metadata', 'labels');
  return terms.some(
    (term) =>
      listAt(term, 'matchExpressions').every((expression) => holds(labels, expression)) &&
      listAt(term, 'matchFields').every((expression) => holds({ 'metadata.name': node.name }, expression)),
  );
}

function holds(labels: Record<string, string>, expression: unknown): boolean {
  const value = labels[textAt(expression, 'key')];
  const values = listAt(expression, 'values').map(String);
  switch (textAt(expression, 'operator')) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return Number(value) > Number(values[0]);
    case 'Lt':
      return Number(value) < Number(values[0]);
    default:
      return true;
  }
}

/** Taints of a node that keep the pod away: of effect NoSchedule or NoExecute, not tolerated, the mark of a cordon aside. */
export function untoleratedTaints(node: Resource, podSpec: unknown): string[] {
  const tolerations = listAt(podSpec, 'tolerations');
  return listAt(node.object, 'spec', 'taints').flatMap((taint) => {
    const key = textAt(taint, 'key');
    const effect = textAt(taint, 'effect');
    if (effect === 'PreferNoSchedule' || key === 'node.kubernetes.io/unschedulable') return [];
    const tolerated = tolerations.some(
      (one) =>
        ['', key].includes(textAt(one, 'key')) &&
        ['', effect].includes(textAt(one, 'effect')) &&
        (textAt(one, 'operator') === 'Exists' || ['', textAt(taint, 'value')].includes(textAt(one, 'value'))),
    );
    return tolerated ? [] : [`${key}=${textAt(taint, 'value')}:${effect}`];
  });
}
