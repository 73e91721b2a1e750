/** What a text does not say itself: the namespace asked for, and when it was printed, for ages (milliseconds since the epoch). */
export interface KubectlContext {
  namespace?: string;
  printedAt?: number;
}

const kinds: Readonly<Record<string, string>> = {
  pod: 'Pod',
  service: 'Service',
  svc: 'Service',
  deployment: 'Deployment',
  deploy: 'Deployment',
  replicaset: 'ReplicaSet',
  rs: 'ReplicaSet',
  statefulset: 'StatefulSet',
  sts: 'StatefulSet',
  daemonset: 'DaemonSet',
  job: 'Job',
  cronjob: 'CronJob',
  configmap: 'ConfigMap',
  cm: 'ConfigMap',
  secret: 'Secret',
  serviceaccount: 'ServiceAccount',
  endpoint: 'Endpoints',
  persistentvolume: 'PersistentVolume',
  pv: 'PersistentVolume',
  persistentvolumeclaim: 'PersistentVolumeClaim',
  pvc: 'PersistentVolumeClaim',
  storageclass: 'StorageClass',
  storageclasse: 'StorageClass',
  resourcequota: 'ResourceQuota',
  quota: 'ResourceQuota',
  node: 'Node',
  namespace: 'Namespace',
  ingress: 'Ingress',
  ingresse: 'Ingress',
  networkpolicy: 'NetworkPolicy',
  networkpolicie: 'NetworkPolicy',
  role: 'Role',
  rolebinding: 'RoleBinding',
  event: 'Event',
};

/** The kind that a resource word of a command line means (`pods`, `svc`, `persistentvolumeclaims`); the word itself when it is not known. */
export function kindOfWord(word: string): string {
  const lower = word.toLowerCase();
  return kinds[lower] ?? kinds[lower.replace(/s$/, '')] ?? word;
}

const clusterWide = new Set(['Node', 'Namespace', 'PersistentVolume', 'StorageClass']);

/** Whether objects of a kind live in a namespace. */
export function isNamespaced(kind: string): boolean {
  return !clusterWide.has(kind);
}
