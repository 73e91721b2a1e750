/**
 * The text of bytes: UTF-8, UTF-16 by its byte order mark, else Windows-1252 (which Latin-1 pages of old tools are). Line ends become `\n`.
 * Throws SyntaxError for what is no text: control bytes that no text has.
 */
export function decodeText(bytes: Uint8Array): string {
  const text = decode(bytes).replaceAll('\r\n', '\n');
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text))
    throw new SyntaxError('this is no text: it holds control bytes');
  return text;
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Bytes that begin like an executable, an archive or a picture are told by their controls below.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
