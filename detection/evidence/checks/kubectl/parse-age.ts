const seconds: Readonly<Record<string, number>> = { y: 31_536_000, d: 86_400, h: 3_600, m: 60, s: 1 };

/** An age as kubectl writes it (`5m3s`, `2d4h`) in seconds; undefined when it is none. */
export function secondsOfAge(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+)([ydhms])/g)];
  if (parts.length === 0) return undefined;
  return parts.reduce((total, [, count, unit]) => total + Number(count) * (seconds[unit ?? ''] ?? 0), 0);
}

/** The age column of an event, `2s (x9 over 118s)`: last and first sight in seconds before now, and how often. */
export function sightsOf(age: string): { last?: number; first?: number; count: number } {
  const match = /^(\S+)(?:\s+\(x(\d+) over (\S+)\))?/.exec(age.trim());
  const last = secondsOfAge(match?.[1] ?? '');
  const first = match?.[3] === undefined ? last : secondsOfAge(match[3]);
  return {
    count: Number(match?.[2] ?? 1),
    ...(last === undefined ? {} : { last }),
    ...(first === undefined ? {} : { first }),
  };
}
