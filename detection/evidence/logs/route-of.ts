const mostParts = 8;
/** What a static file ends in: those of one folder are one route. */
const files = /\.(?:css|js|mjs|map|png|jpe?g|gif|svg|webp|ico|woff2?|ttf|html?|txt|xml|pdf|zip|mp4)$/i;

/** The route of a path: parts that name one thing of many (numbers, ids, hashes, tokens, dates) become `{id}`, files of a folder one. At most 8 parts. */
export function routeOf(path: string): string {
  const parts = path.slice(0, 500).split('/');
  const kept = parts.slice(0, mostParts + 1).map((part, index) => {
    if (index === parts.length - 1 && files.test(part)) return '{file}';
    return isOneOfMany(part) ? '{id}' : part;
  });
  return kept.join('/') + (parts.length > mostParts + 1 ? '/…' : '');
}

function isOneOfMany(part: string): boolean {
  if (part.length > 60) return true;
  const digits = part.replaceAll(/\D/g, '').length;
  if (digits === 0) return /^[0-9a-f]{16,}$/i.test(part) || part.includes('%');
  // `v2` and `oauth2` are names; `17`, `2026-03-01`, `ord-8841`, `9f1c…` are not.
  if (/^v\d{1,2}$/i.test(part)) return false;
  return (
    digits >= 4 ||
    digits === part.length ||
    digits / part.length >= 0.4 ||
    /^[0-9a-f-]{8,}$/i.test(part) ||
    part.includes('@')
  );
}
