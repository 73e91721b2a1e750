/** A raw result as a list to page through: the list itself, the longest list among an object's members, or the value as the one item. */
export function itemsOf(raw: unknown): unknown[] {
  if (Array.isArray(raw)) return raw as unknown[];
  if (raw === null || typeof raw !== 'object') return raw === null || raw === undefined ? [] : [raw];
  let longest: unknown[] | undefined;
  for (const member of Object.values(raw)) {
    if (Array.isArray(member) && (longest === undefined || member.length > longest.length))
      longest = member as unknown[];
  }
  return longest ?? [raw];
}
