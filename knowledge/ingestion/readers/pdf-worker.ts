import { parentPort, workerData } from 'node:worker_threads';
import { extractTextItems, getDocumentProxy, getMeta } from 'unpdf';

const mostPages = 5_000;

interface Line {
  text: string;
  size: number;
}

/** Puts the pieces of a page together into lines; a new line begins where the height on the page changes. */
function linesOf(items: Awaited<ReturnType<typeof extractTextItems>>['items'][number]): Line[] {
  const lines: Line[] = [];
  let last: { y: number; right: number; size: number } | undefined;
  for (const { str, x, y, width, fontSize, hasEOL } of items) {
    if (str !== '') {
      const same = last !== undefined && Math.abs(last.y - y) < 0.5 * Math.max(last.size, fontSize);
      const line = lines.at(-1);
      if (same && line !== undefined) {
        const gap = x - last!.right > 0.2 * fontSize && !line.text.endsWith(' ') && !str.startsWith(' ');
        line.text += (gap ? ' ' : '') + str;
        line.size = Math.max(line.size, fontSize);
      } else lines.push({ text: str, size: fontSize });
      last = { y, right: x + width, size: fontSize };
    }
    if (hasEOL) last = undefined;
  }
  return lines.map(({ text, size }) => ({ text: text.trim(), size: Math.round(size * 10) / 10 }));
}

try {
  const bytes: unknown = workerData;
  if (!(bytes instanceof Uint8Array)) throw new TypeError('no bytes');
  const proxy = await getDocumentProxy(bytes, { disableFontFace: true, stopAtErrors: false });
  if (proxy.numPages > mostPages) throw new RangeError(`${proxy.numPages} pages are more than ${mostPages}`);
  const meta: { info: Record<string, unknown> } = await getMeta(proxy);
  const { items } = await extractTextItems(proxy);
  const title = meta.info['Title'];
  parentPort?.postMessage({ title: typeof title === 'string' ? title : '', pages: items.map(linesOf) });
} catch (thrown) {
  parentPort?.postMessage({ failed: thrown instanceof Error ? thrown.message : String(thrown) });
}
