/**
 * Text from anywhere as Slack mrkdwn that shows it literally: it cannot mention, link, format, or turn the reading direction. `&`, `<`
 * and `>` are escaped (Slack's own rule), the rest is broken up by zero-width spaces, which nobody sees.
 */
export function escapeMrkdwn(text: string): string {
  return text
    .replaceAll(/(?![\n\t])[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/:\/\//g, ':\u200B//')
    .replaceAll(/@(?=\w)/g, '@\u200B')
    .replaceAll(/(^|[^\p{L}\p{N}])([*_~`]+)(?=\S)/gu, '$1$2\u200B');
}

/** At most `limit` characters, cut at a character's edge with an ellipsis. An escape such as `&amp;` is never cut in two. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit - 1);
  return `${cut.replace(/[\uD800-\uDBFF]$/, '').replace(/&[a-z]{0,3}$/, '')}…`;
}

/** What a person typed, read back from Slack's message text: mentions of the bot and markup removed, escapes undone. */
export function readMessageText(text: string, botUser: string | undefined): string {
  return text
    .replaceAll(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (_match, user: string) => (user === botUser ? ' ' : `@${user}`))
    .replaceAll(/<#[A-Z0-9]+\|([^>]*)>/g, '#$1')
    .replaceAll(/<!([a-z]+)[^>]*>/g, '$1')
    .replaceAll(/<([^|>]+)\|([^>]+)>/g, '$2')
    .replaceAll(/<([^>]+)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/[ \t]+/g, ' ')
    .trim()
    .slice(0, 8_000);
}
