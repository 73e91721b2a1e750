/** The rows of a CSV text (RFC 4180: quotes, doubled quotes, line breaks within quotes), empty lines left out. Cost linear. */
export function* parseCsv(text: string): Generator<string[]> {
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    let open = true;
    while (open) {
      const [field, end] = text[at] === '"' ? quoted(text, at) : plain(text, at);
      row.push(field);
      open = text[end] === ',';
      at = end + 1;
    }
    if (text[at - 1] === '\r' && text[at] === '\n') at += 1;
    if (row.length > 1 || row[0] !== '') yield row;
  }
}

function plain(text: string, from: number): [string, number] {
  let end = from;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return [text.slice(from, end), end];
}

function quoted(text: string, from: number): [string, number] {
  let field = '';
  let at = from + 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end < 0) return [field + text.slice(at), text.length];
    field += text.slice(at, end);
    if (text[end + 1] !== '"') return [field, end + 1];
    field += '"';
    at = end + 2;
  }
}

/** The rows after the first as records by the names in the first. */
export function* parseRecords(text: string): Generator<Record<string, string>> {
  let header: string[] | undefined;
  for (const row of parseCsv(text)) {
    if (header === undefined) header = row;
    else yield Object.fromEntries(header.map((name, index) => [name, row[index] ?? '']));
  }
}
