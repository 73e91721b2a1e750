/** The words of an identifier, in order: cut at camel humps, digits kept with their word, underscores, dots, dashes and blanks; lower case. */
export function wordsOfName(name: string): string[] {
  return name
    .slice(0, 400)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
