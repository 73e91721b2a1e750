import type { Resource } from '../../../../domain/signal.ts';
import { configMapOf, networkPolicyOf, nodeOf, quotaOf, serviceOf, volumeOf } from './describe-objects.ts';
import type { Section } from './describe-sections.ts';
import { pairsOf, sectionOf, sectionsOf, valueOf } from './describe-sections.ts';
import { podOf, workloadOf } from './describe-workloads.ts';
import type { KubectlContext } from './kubectl-context.ts';
import { isNamespaced } from './kubectl-context.ts';
import { parseDescribedEvents } from './parse-events.ts';

const builders: Readonly<Record<string, (sections: readonly Section[], text: string) => Record<string, unknown>>> = {
  Pod: podOf,
  Deployment: workloadOf,
  StatefulSet: workloadOf,
  DaemonSet: workloadOf,
  ReplicaSet: workloadOf,
  Service: serviceOf,
  Node: nodeOf,
  PersistentVolume: volumeOf,
  PersistentVolumeClaim: volumeOf,
  ResourceQuota: (_sections, text) => quotaOf(text),
  NetworkPolicy: networkPolicyOf,
  ConfigMap: (_sections, text) => configMapOf(text),
};

/** The object that `kubectl describe <kind> <name>` printed, in the shape of the API, and its events. Empty when the text is no description. */
export function parseDescribe(kind: string, text: string, context: KubectlContext): Resource[] {
  if (!/^Name:\s/m.test(text)) return [];
  const sections = sectionsOf(text.split('\n').filter((line) => line.trim() !== ''));
  const name = valueOf(sections, 'Name');
  if (name === '') return [];
  const namespace = valueOf(sections, 'Namespace') || (isNamespaced(kind) ? context.namespace : undefined);
  const build = builders[kind];
  const built = build === undefined ? { metadata: { labels: pairsOf(sections, 'Labels') } } : build(sections, text);
  const metadata = built['metadata'];
  const object = {
    ...built,
    metadata: {
      ...(typeof metadata === 'object' ? metadata : {}),
      name,
      ...(namespace === undefined ? {} : { namespace }),
    },
  };
  const events = parseDescribedEvents(
    sectionOf(sections, 'Events')?.lines ?? [],
    { kind, name },
    { ...context, ...(namespace === undefined ? {} : { namespace }) },
  );
  return [{ kind, name, ...(namespace === undefined ? {} : { namespace }), object }, ...events];
}
