/** Text to look for in logs or traces, and where it stands, so that it is not read as part of the question. */
export interface SearchText {
  value: string;
  start: number;
  end: number;
}

const quoted = /(?<![=\w:{,[(])(?:"([^"]{2,200})"|`([^`]{2,200})`|(?<=^|\s)'([^']{2,200})'(?=$|[\s?.,!]))(?!\s*:)/u;
const traceId = /\b(?:[0-9a-f]{32}|[0-9a-f]{16})\b/u;
const verbs =
  /\b(?:grep(?: for)?|containing|contains|contain|matching|matches|mentioning|mention(?:s)?|with (?:the )?(?:text|string|message|phrase)|that say|saying) ([^\s"'`]+(?: [^\s"'`]+){0,3}?)(?= (?:in|from|on|of|for|since|over|during|last|past|yesterday|today|tonight|this|overnight|before|after|between|within|at|logs?)\b|[?!,;]|$)/u;

/** The quoted phrase, trace id, or the words after "grep", "containing" and the like; at most 200 characters. `isName` keeps quoted names readable. */
export function readSearchText(text: string, isName: (said: string) => boolean): SearchText | undefined {
  const id = traceId.exec(text);
  if (id !== null) return { value: id[0], start: id.index, end: id.index + id[0].length };
  const quote = quoted.exec(text);
  const inside = quote?.[1] ?? quote?.[2] ?? quote?.[3];
  if (quote !== null && inside !== undefined && !isName(inside))
    return { value: inside.trim(), start: quote.index, end: quote.index + quote[0].length };
  const verb = verbs.exec(text.toLowerCase());
  const words = verb?.[1];
  if (verb === null || words === undefined || isName(words)) return undefined;
  const end = verb.index + verb[0].length;
  return { value: text.slice(end - words.length, end), start: end - words.length, end };
}
