/** A group of log lines of one form. `tokens` hold `<*>` where lines differ. */
export interface LogTemplate {
  id: number;
  tokens: string[];
  count: number;
}

/** Groups lines one by one, in bounded memory. */
export interface TemplateMiner {
  add(text: string): LogTemplate;
  templates(): LogTemplate[];
}

const wildcard = '<*>';

/** What varies whatever the system: masked before grouping. Order matters. */
const masks: readonly RegExp[] = [
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g,
  /\b0x[0-9a-f]+\b/gi,
  /\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b/gi,
  /(?<![\w.])[-+]?\d+(?:[.,]\d+)*(?:\s?(?:ms|s|us|ns|kb|mb|gb|kib|mib|gib|b|%))?(?![\w.]*[a-z_])/gi,
];

/**
 * Drain (He, Zhu, Zheng and Lyu 2017): a tree of fixed depth, by number of tokens, then by the first two tokens, then the most similar
 * group at or above the threshold, else a new group; tokens with digits go the wildcard way. Beyond `maxTemplates` groups everything new
 * of a length joins one rest group of that length, so memory is bounded. Cost per line is linear in its tokens times groups of its leaf.
 */
export function createTemplateMiner(
  options: { similarity?: number; maxTemplates?: number; maxTokens?: number } = {},
): TemplateMiner {
  const { similarity = 0.5, maxTemplates = 2_000, maxTokens = 60 } = options;
  const leaves = new Map<string, LogTemplate[]>();
  const all: LogTemplate[] = [];
  return {
    add(text) {
      const tokens = tokensOf(text, maxTokens);
      const crowded = all.length >= maxTemplates;
      const key = crowded ? `rest ${tokens.length}` : `${tokens.length} ${branch(tokens[0])} ${branch(tokens[1])}`;
      let leaf = leaves.get(key);
      if (leaf === undefined) leaves.set(key, (leaf = []));
      let best: LogTemplate | undefined = crowded ? leaf[0] : undefined;
      let bestShare = similarity;
      if (!crowded) {
        for (const template of leaf) {
          const share = shareAlike(template.tokens, tokens);
          if (share >= bestShare) {
            best = template;
            bestShare = share + 1e-9;
          }
        }
      }
      if (best === undefined) {
        best = { id: all.length, tokens, count: 1 };
        leaf.push(best);
        all.push(best);
      } else {
        best.count += 1;
        for (const [index, token] of tokens.entries()) if (best.tokens[index] !== token) best.tokens[index] = wildcard;
      }
      return best;
    },
    templates: () => all,
  };
}

function tokensOf(text: string, most: number): string[] {
  let masked = text.slice(0, 2_000);
  for (const mask of masks) masked = masked.replace(mask, wildcard);
  const tokens = masked.split(/[\s,;]+/).filter((token) => token !== '');
  return tokens.length > most ? [...tokens.slice(0, most), '…'] : tokens.length === 0 ? [''] : [...tokens];
}

function branch(token: string | undefined): string {
  return token === undefined ? '' : /\d|<\*>/.test(token) ? wildcard : token;
}

function shareAlike(template: readonly string[], tokens: readonly string[]): number {
  let alike = 0;
  for (const [index, token] of tokens.entries()) if (template[index] === token) alike += 1;
  return alike / Math.max(1, tokens.length);
}
