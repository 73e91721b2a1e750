import { createHmac } from 'node:crypto';

/** Replaces secrets in text and in every string of a plain value by `[secret:xxxxxxxx]`, the same token for the same secret and key. */
export interface Redactor {
  redact(text: string): string;
  redactValue<T>(value: T): T;
}

/** What a secret looks like: the pattern, and which capture group is the secret (the rest is kept). */
const patterns: readonly { pattern: RegExp; keep: number }[] = [
  { pattern: /()-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{0,8000}?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, keep: 1 },
  { pattern: /()\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)?/g, keep: 1 },
  { pattern: /()\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, keep: 1 },
  {
    pattern:
      /()\b(?:ghp|gho|ghu|ghs|ghr|github_pat|glpat|xox[abeoprs]|xapp|sk|rk|pk_live|sk_live|npm|hf|dop_v1|AIza)[-_][A-Za-z0-9_-]{16,}/g,
    keep: 1,
  },
  { pattern: /()\bAIza[0-9A-Za-z_-]{30,}/g, keep: 1 },
  { pattern: /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{0,100}:)[^\s@/]{1,200}(?=@)/gi, keep: 1 },
  {
    pattern:
      /(\b(?:authorization|proxy-authorization)["']?\s*[:=]\s*["']?(?:bearer|basic|token)?\s*)[A-Za-z0-9._~+/=-]{6,}/gi,
    keep: 1,
  },
  { pattern: /(\bbearer\s+)[A-Za-z0-9._~+/=-]{12,}/gi, keep: 1 },
  {
    pattern:
      /((?<!\[)\b[\w.-]{0,40}(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?secret|auth[_-]?token|access[_-]?token|refresh[_-]?token|session[_-]?token|credential)["']?\s*[:=]\s*["']?)(?!\[secret:)[^\s"',;&}{]{4,200}/gi,
    keep: 1,
  },
];

/** Every text that a pattern above finds anything in holds one of these: one look in place of nine, for the many texts that hold none. */
const trigger =
  /-----BEGIN|eyJ|AKIA|ASIA|AIza|:\/\/|bearer|authorization|passw|pwd|secret|key|token|credential|(?:gh[opsur]|github_pat|glpat|xox[abeoprs]|xapp|sk|rk|[ps]k_live|npm|hf|dop_v1)[-_]/i;

/** Names of members whose string values are secrets whatever they look like. */
const secretMember =
  /^(?:.*[_-])?(?:password|passwd|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|authorization|cookie|set-cookie|credential)s?$/i;

/** A redactor whose tokens are keyed by `key`: without the key a token tells nothing of the secret, with it replays stay the same. */
export function createRedactor(key: string): Redactor {
  const tokenOf = (secret: string): string =>
    `[secret:${createHmac('sha256', key).update(secret).digest('hex').slice(0, 8)}]`;
  const redact = (text: string): string => {
    if (!trigger.test(text)) return text;
    let result = text;
    for (const { pattern } of patterns) {
      result = result.replace(pattern, (match: string, kept: string) => {
        const secret = match.slice(kept.length);
        return secret.startsWith('[secret:') ? match : kept + tokenOf(secret);
      });
    }
    return result;
  };
  const secretNames = new Map<string, boolean>();
  const isSecretName = (name: string): boolean => {
    let is = secretNames.get(name);
    if (is === undefined) {
      is = secretMember.test(name);
      // Names of members are few; where data are named by their values, they are not kept.
      if (secretNames.size < 2_000) secretNames.set(name, is);
    }
    return is;
  };
  const redactUnknown = (value: unknown, member?: string): unknown => {
    if (typeof value === 'string')
      return member !== undefined && isSecretName(member) && value !== '' && !value.startsWith('[secret:')
        ? tokenOf(value)
        : redact(value);
    if (Array.isArray(value)) return value.map((item) => redactUnknown(item));
    if (value !== null && typeof value === 'object') {
      const entries = Object.entries(value);
      for (const entry of entries) entry[1] = redactUnknown(entry[1], entry[0]);
      return Object.fromEntries(entries);
    }
    return value;
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape is kept member by member
  return { redact, redactValue: (value) => redactUnknown(value) as typeof value };
}
