/** The words of a metric name: split at `_ . : / -` and at camel humps, lower case. */
export function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([1-5])XX/g, '$1xx')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
