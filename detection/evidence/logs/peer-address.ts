/** What stands before the address of the other end; a bare name counts behind those that end in `=`. */
const leads: readonly (readonly [lead: string, takesNames: boolean])[] = [
  ['dial tcp', false],
  ['dial udp', false],
  ['connect to', false],
  ['connecting to', false],
  ['connected to', false],
  ['connection to', false],
  ['econnrefused', false],
  ['econnreset', false],
  ['etimedout', false],
  ['ehostunreach', false],
  ['enotfound', true],
  ['eai_again', true],
  ['lookup', true],
  ['unknownhostexception:', true],
  ['resolve host', true],
  ['translate host name', true],
  ['not found in upstream', true],
  ['upstream:', true],
  ['remote server', false],
  ['server at', true],
  ['server on', true],
  ['for server', false],
  ['(host=', true],
  ['host:', true],
  ['get "', false],
  ['post "', false],
  ['put "', false],
  ['delete "', false],
];
const looked = 1_000;

/**
 * The address that a line says it speaks with: `host:port`, or a host behind words that take one. Only what stands behind words of connecting counts;
 * a bare word counts only where these take a name. Linear; reads 1,000 characters.
 */
export function peerAddressIn(text: string): string | undefined {
  const lower = text.slice(0, looked).toLowerCase();
  let best: { at: number; address: string } | undefined;
  for (const [lead, takesNames] of leads) {
    for (let at = lower.indexOf(lead); at >= 0; at = lower.indexOf(lead, at + 1)) {
      if (best !== undefined && at >= best.at) break;
      if (isLetter(lead.charCodeAt(0)) && isLetter(lower.charCodeAt(at - 1))) continue;
      const address = addressAt(text, at + lead.length, takesNames);
      if (address !== undefined) best = { at, address };
    }
  }
  return best?.address;
}

function addressAt(text: string, from: number, takesNames: boolean): string | undefined {
  let at = from;
  while (at < from + 6 && ' "\'`:=('.includes(text[at] ?? 'x')) at += 1;
  const isQuoted = '"\'`'.includes(text[at - 1] ?? 'x');
  const scheme = text.slice(at, at + 24).indexOf('://');
  if (scheme > 0) at += scheme + 3;
  const { host, rest } = hostAt(text.slice(at, at + 256));
  if (host === '') return undefined;
  const port = /^:(\d{2,5})/.exec(rest)?.[1] ?? /^['"`]?,? \(?port[= ](\d{2,5})/.exec(rest)?.[1];
  if (port !== undefined) return `${host}:${port}`;
  const isAddress = scheme > 0 || /^\d+\.\d+\.\d+\.\d+$/.test(host);
  return isAddress || (takesNames && (isQuoted || isName(rest))) ? host : undefined;
}

/** The host that a text begins with, a user before it left out, and what follows it. */
function hostAt(text: string): { host: string; rest: string } {
  const first = hostEnd(text, 0);
  const from = text[first] === '@' ? first + 1 : 0;
  const end = from === 0 ? first : hostEnd(text, from);
  const host = text.slice(from, end).replace(/[.-]+$/, '');
  return { host: /[A-Za-z0-9]/.test(host) ? host : '', rest: text.slice(end) };
}

function hostEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && isHostCode(text.charCodeAt(end))) end += 1;
  return end;
}

/** A bare word is a name where it ends the clause. */
function isName(rest: string): boolean {
  return rest === '' || rest.startsWith(' on ') || ':,"\n)/'.includes(rest[0] ?? ' ');
}

function isHostCode(code: number): boolean {
  return isLetter(code) || (code >= 48 && code <= 57) || code === 45 || code === 46 || code === 95;
}

function isLetter(code: number): boolean {
  return (code | 32) >= 97 && (code | 32) <= 122;
}
