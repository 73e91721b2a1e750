import { deflateSync } from 'node:zlib';

/** A PDF file of pages of lines, each `[size, text]`; `packed` deflates the pages' streams. For tests. */
export function fakePdf(pages: readonly (readonly [size: number, text: string])[][], packed = false): Uint8Array {
  const contents = pages.map((lines) =>
    lines.map(([size, text], index) => `BT /F1 ${size} Tf 50 ${750 - index * 30} Td (${text}) Tj ET`).join('\n'),
  );
  return pdfOf(
    contents.map((text) => {
      const body = packed ? deflateSync(Buffer.from(text)) : Buffer.from(text);
      return { filter: packed ? '/Filter /FlateDecode ' : '', body };
    }),
  );
}

/** A PDF whose one small stream unpacks to `megabytes`. */
export function fakePdfBomb(megabytes: number): Uint8Array {
  const body = deflateSync(Buffer.alloc(megabytes * 1024 * 1024, ' '));
  return pdfOf([{ filter: '/Filter /FlateDecode ', body }]);
}

function pdfOf(streams: readonly { filter: string; body: Buffer }[]): Uint8Array {
  const kids = streams.map((_, index) => `${4 + index * 2} 0 R`).join(' ');
  const objects: Buffer[] = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from(`<< /Type /Pages /Kids [${kids}] /Count ${streams.length} >>`),
    Buffer.from('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'),
    ...streams.flatMap(({ filter, body }, index) => [
      Buffer.from(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + index * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      ),
      Buffer.concat([Buffer.from(`<< ${filter}/Length ${body.length} >>\nstream\n`), body, Buffer.from('\nendstream')]),
    ]),
  ];
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')];
  const places: number[] = [];
  let length = parts[0]!.length;
  for (const [index, object] of objects.entries()) {
    const part = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    places.push(length);
    length += part.length;
    parts.push(part);
  }
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}
