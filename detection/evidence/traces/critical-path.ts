import type { PlacedSpan } from './span-tree.ts';

/**
 * What a request waited for: the milliseconds of its critical path by span, walked back from its end through the child that ended last
 * (Zhang et al., CRISP, 2022). Of calls that overlap only what delayed the end counts, work that goes on after the request does not; the
 * parts sum to the length of the request. Cost linear in spans but for sorting.
 */
export function criticalPath(root: PlacedSpan): Map<PlacedSpan, number> {
  const parts = new Map<PlacedSpan, number>();
  const open: { one: PlacedSpan; from: number; to: number }[] = [
    { one: root, from: root.startMs, to: root.startMs + root.span.durationMs },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { one, from, to } = next;
    let cursor = to;
    let own = 0;
    const byEnd = one.children.toSorted((left, right) => endOf(right) - endOf(left));
    for (const child of byEnd) {
      const start = Math.max(from, child.startMs);
      const end = Math.min(cursor, endOf(child));
      if (end <= start) continue;
      own += cursor - end;
      open.push({ one: child, from: start, to: end });
      cursor = start;
    }
    parts.set(one, (parts.get(one) ?? 0) + own + cursor - from);
  }
  return parts;
}

function endOf({ startMs, span }: PlacedSpan): number {
  return startMs + span.durationMs;
}
