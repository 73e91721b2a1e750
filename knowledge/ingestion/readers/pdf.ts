import { Worker } from 'node:worker_threads';
import { inflateSync } from 'node:zlib';
import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Section, SourceDocument } from '../../chunk.ts';
import { kindOf } from '../../text/kind-of.ts';
import { nameOf } from '../../text/read-markdown.ts';
import { documentOf, headOf, type Reader } from '../reader.ts';
import { sectionsOfPages } from './pdf-sections.ts';

const pages = z.object({
  title: z.string(),
  pages: z.array(z.array(z.object({ text: z.string(), size: z.number() }))),
});
const failure = z.object({ failed: z.string() });

const readWithinMs = 30_000;
/** Streams may unpack to this much together. */
const largestUnpacked = 256 * 1024 * 1024;
const heapMiB = 512;

/**
 * PDF files through PDF.js (`unpdf`, without canvas or fonts): lines in reading order, headings told by their size, `page N` as the innermost
 * heading, lines counted over the whole text. Each file is read in a worker of its own that is ended after 30 s or 512 MiB of heap; a file
 * whose streams unpack to more than 256 MiB is refused before it is parsed. Scanned pages hold no text and give no section.
 */
export const pdfReader: Reader = {
  name: 'pdf',
  takes: (file) => /\.pdf$/i.test(file.uri) || headOf(file).startsWith('%PDF-'),
  read: async (file) => {
    if (!headOf(file).includes('%PDF-')) throw new SyntaxError('this is no PDF file');
    refuseBombs(file.bytes);
    const found = await inWorker(file.bytes);
    const sections: Section[] = sectionsOfPages(found.pages);
    const title = found.title.trim() === '' ? (sections[0]?.path[0] ?? nameOf(file.uri)) : found.title.trim();
    if (sections.length === 0) throw new SyntaxError('no text in this PDF; it may be scanned pictures');
    const named = /^page \d+$/.test(title) ? nameOf(file.uri) : title;
    const document: SourceDocument = documentOf(file.uri, named, kindOf(file.uri, sections), sections);
    return [document];
  },
};

/** Unpacks every stream that is deflated, up to the limit for all. What cannot be unpacked is left to the parser. */
function refuseBombs(bytes: Uint8Array): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let left = largestUnpacked;
  for (let at = buffer.indexOf('stream'); at >= 0; at = buffer.indexOf('stream', at + 6)) {
    if (buffer[at - 1] === 0x64) continue; // the end of `endstream`
    const head = buffer.subarray(Math.max(0, at - 600), at).toString('latin1');
    const dictionary = head.slice(head.lastIndexOf('obj') + 1);
    const packed = dictionary.match(/FlateDecode|\/Fl\b|LZWDecode|RunLengthDecode/g) ?? [];
    if (packed.length === 0) continue;
    if (packed.length > 1) throw new RangeError('a stream of this PDF is packed more than once');
    if (!/Fl/.test(packed[0]!)) continue;
    const start = at + 6 + (buffer[at + 6] === 0x0d ? 2 : 1);
    const end = buffer.indexOf('endstream', start);
    const body = buffer.subarray(start, end < 0 ? buffer.length : end);
    try {
      left -= inflateSync(body, { maxOutputLength: Math.max(1, left), finishFlush: 2 }).length;
    } catch (thrown) {
      if (thrown instanceof RangeError) left = 0;
    }
    if (left <= 0) throw new RangeError('the streams of this PDF unpack to more than 256 MiB');
  }
}

function inWorker(bytes: Uint8Array): Promise<z.infer<typeof pages>> {
  return new Promise((resolve, reject) => {
    const copy = Uint8Array.from(bytes);
    const worker = new Worker(new URL('pdf-worker.ts', import.meta.url), {
      workerData: copy,
      transferList: [copy.buffer],
      resourceLimits: { maxOldGenerationSizeMb: heapMiB },
      stdout: true,
      stderr: true,
    });
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
      void worker.terminate();
    };
    const timer = setTimeout(
      () => end(() => reject(new CerebroError('TIMEOUT', 'this PDF was not read within 30 s'))),
      readWithinMs,
    );
    worker.once('message', (message: unknown) => {
      const said = pages.safeParse(message).data;
      if (said !== undefined) return end(() => resolve(said));
      const why = failure.safeParse(message).data?.failed ?? 'no answer from the parser';
      return end(() => reject(new SyntaxError(`this PDF cannot be read: ${why}`)));
    });
    worker.once('error', (thrown) =>
      end(() => reject(new SyntaxError(`this PDF cannot be read: ${CerebroError.from(thrown).message}`))),
    );
    worker.once('exit', () => end(() => reject(new SyntaxError('this PDF ended its parser'))));
  });
}
