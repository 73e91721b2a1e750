/** The product's fault kinds in the set's words. */
const words: Readonly<Record<string, string>> = {
  'cpu-saturation': 'cpu_contention',
  'network-latency': 'network_delay',
  'slow-service': 'cpu_consumed',
  'bad-deploy-errors': 'exception',
  'lost-calls': 'return',
};

/** The set's word for a fault kind; the kind itself where it has none. */
export function wordOfFault(kind: string): string {
  return words[kind] ?? kind;
}
