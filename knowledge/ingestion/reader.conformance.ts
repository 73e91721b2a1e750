import { describe, expect, it } from 'vitest';
import { createRandom } from '../../infra/runtime/random.ts';
import type { SourceDocument } from '../chunk.ts';
import { chunkSections } from '../text/chunk-sections.ts';
import { type Reader, sourceFileOf } from './reader.ts';

/** A good file of a reader's form, and the headings with lines that it must give. */
export interface ReaderSample {
  uri: string;
  bytes: Uint8Array;
  /** A heading path joined by ` > ` and the line that its section begins on. */
  finds: [heading: string, line: number][];
  /** Lines that the file has as its readers count them; by default those of its text. */
  lines?: number;
}

const random = createRandom(7);
const noise = Uint8Array.from({ length: 4_000 }, () => random.integer(256));

/** What every reader promises: anchors in every passage of a good file, and for any other bytes documents or an error, never a hang or garbage. */
export function readerConformance(reader: Reader, samples: readonly ReaderSample[]): void {
  describe(`reader of ${reader.name}`, () => {
    const read = async (uri: string, bytes: Uint8Array): Promise<SourceDocument[] | Error> => {
      const file = sourceFileOf(uri, bytes);
      try {
        return reader.takes(file) ? await reader.read(file) : [];
      } catch (thrown) {
        return thrown instanceof Error ? thrown : new TypeError(`threw ${String(thrown)}`);
      }
    };
    const good = async ({ uri, bytes }: ReaderSample): Promise<SourceDocument[]> => {
      const found = await read(uri, bytes);
      if (found instanceof Error) throw found;
      return found;
    };

    it.each(samples)('gives headings and lines of $uri', async (sample) => {
      const documents = await good(sample);
      const places = documents.flatMap(({ sections }) => sections.map(({ path, line }) => [path.join(' > '), line]));
      expect(places).toEqual(expect.arrayContaining(sample.finds));
    });

    it.each(samples)('gives every passage of $uri a title, an address and lines within the file', async (sample) => {
      const text = Buffer.from(sample.bytes).toString('latin1');
      const last = sample.lines ?? text.split('\n').length;
      const documents = await good(sample);
      expect(documents.length).toBeGreaterThan(0);
      expect(new Set(documents.map(({ uri }) => uri)).size).toBe(documents.length);
      for (const document of documents) {
        expect(document.uri.split('#')[0]).toBe(sample.uri);
        for (const { title, text: passage, lineFrom, lineTo } of chunkSections(document)) {
          expect(title.trim()).not.toBe('');
          expect(passage.trim()).not.toBe('');
          expect(lineFrom).toBeGreaterThanOrEqual(1);
          expect(lineTo).toBeGreaterThanOrEqual(lineFrom);
          expect(lineTo).toBeLessThanOrEqual(last);
        }
        for (const edge of document.topology?.edges ?? []) {
          const ids = document.topology?.entities.map(({ id }) => id);
          expect(ids).toEqual(expect.arrayContaining([edge.from, edge.to]));
          expect(edge.source.split('#')[0]).toBe(sample.uri);
        }
      }
    });

    it.each(samples)('gives the same twice for $uri', async (sample) => {
      expect(await good(sample)).toEqual(await good(sample));
    });

    it.each(samples)('answers or reports damaged forms of $uri', async ({ uri, bytes }) => {
      const half = bytes.subarray(0, bytes.length >> 1);
      const holed = Uint8Array.from(bytes, (byte, index) => (index % 97 === 50 ? 0 : byte));
      for (const damaged of [new Uint8Array(), half, holed, noise]) {
        const found = await read(uri, damaged);
        if (found instanceof Error) expect(found.message).not.toBe('');
        else expect(JSON.stringify(found)).not.toContain('\u0000');
      }
    });
  });
}

/** What readers of text promise besides: letters survive other encodings, and a large or deep file takes no more than its length's worth of time. */
export function textReaderConformance(reader: Reader, sample: { uri: string; text: string; huge: string }): void {
  describe(`reader of ${reader.name}, as text`, () => {
    const textOf = async (bytes: Uint8Array): Promise<string> =>
      JSON.stringify(await reader.read(sourceFileOf(sample.uri, bytes)));

    it('keeps letters in UTF-16 and Windows-1252, and lines that end in CR LF', async () => {
      expect(sample.text).toContain('Störung');
      const plain = await textOf(Buffer.from(sample.text));
      expect(plain).toContain('Störung');
      expect(await textOf(Buffer.from(`\ufeff${sample.text}`, 'utf16le'))).toBe(plain);
      expect(await textOf(Buffer.from(sample.text, 'latin1'))).toBe(plain);
      expect(await textOf(Buffer.from(sample.text.replaceAll('\n', '\r\n')))).toBe(plain);
    });

    it('reads or refuses a large file at once', { timeout: 8_000 }, async () => {
      const file = sourceFileOf(sample.uri, Buffer.from(sample.huge));
      let found: unknown;
      try {
        found = await reader.read(file);
      } catch (thrown) {
        found = thrown;
      }
      expect(found).toBeDefined();
    });
  });
}
