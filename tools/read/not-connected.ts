/** How a tool answers when no source of its kind is configured: where it would have looked and what to connect. */
export function notConnected(kind: string, setting: string): { status: 'no-data'; lookedAt: string; hint: string } {
  return {
    status: 'no-data',
    lookedAt: `nothing: no source of ${kind} is connected`,
    hint: `Connect one in the configuration (\`${setting}\`); until then say that ${kind} could not be seen.`,
  };
}
