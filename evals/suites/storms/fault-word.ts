/** The set's word for each kind of the fault catalogue that alerts alone can speak for. */
const words: Readonly<Record<string, string>> = {
  'cpu-saturation': 'cpu',
  'memory-leak': 'memory',
  'disk-full': 'disk',
  'network-latency': 'network',
  'dependency-down': 'process',
  'bad-deploy-errors': 'application',
};

/** The word of the set's vocabulary for a kind of fault; `application` where it has none. */
export function faultWordOf(kind: string | undefined): string {
  return words[kind ?? ''] ?? 'application';
}
