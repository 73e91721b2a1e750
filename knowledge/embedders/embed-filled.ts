/**
 * Gives each text its vector in order: empty ones the zero vector without asking, the rest `atOnce` a call and `side` calls side by side.
 */
export async function embedFilled(
  texts: readonly string[],
  dimensions: number,
  { atOnce, side }: { atOnce: number; side: number },
  ask: (some: readonly string[]) => Promise<Float32Array[]>,
): Promise<Float32Array[]> {
  const vectors = texts.map((): Float32Array => new Float32Array(dimensions));
  const filled = [...texts.keys()].filter((index) => texts[index]!.trim() !== '');
  const parts: number[][] = [];
  for (let from = 0; from < filled.length; from += atOnce) parts.push(filled.slice(from, from + atOnce));
  const work = async (): Promise<void> => {
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      const found = await ask(part.map((index) => texts[index]!));
      for (const [place, index] of part.entries()) vectors[index] = found[place]!;
    }
  };
  await Promise.all(Array.from({ length: side }, work));
  return vectors;
}
