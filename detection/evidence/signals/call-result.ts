const statusLabel =
  /^(status|code|status_code|http_status_code|http_response_status_code|response_code|grpc_code|grpc_status|rpc_grpc_status_code|outcome|result|error_type|success|exception)$/;
const failureWords =
  /error|fail|timeout|timed|refused|reset|exception|unavailable|unknown|aborted|internal|deadline|exhausted|dataloss|unimplemented|denied|false|cancel|unreachable|closed|dropped/i;
const grpcFailures = new Set(['2', '4', '8', '10', '12', '13', '14', '15']);

/** What the labels of a call counter say of its result: failed or not, and the word that says so. `undefined` when they say nothing. */
export function callResultOf(
  labels: Readonly<Record<string, string>>,
): { failed: boolean; reason: string } | undefined {
  let seen: { failed: boolean; reason: string } | undefined;
  for (const [name, value] of Object.entries(labels)) {
    const key = name.toLowerCase().replaceAll('.', '_');
    if (!statusLabel.test(key) || value === '') continue;
    const failed = key.includes('grpc')
      ? grpcFailures.has(value) ||
        (!/^\d+$/.test(value) &&
          /^(unknown|deadlineexceeded|resourceexhausted|aborted|unimplemented|internal|unavailable|dataloss)$/i.test(
            value.replaceAll('_', ''),
          ))
      : /^\d+$/.test(value)
        ? /^5\d\d$/.test(value)
        : /^5xx$/i.test(value) || (failureWords.test(value) && !/^(ok|success|none)$/i.test(value));
    if (failed) return { failed, reason: value.toLowerCase() };
    seen = { failed: false, reason: value.toLowerCase() };
  }
  return seen;
}

/** Whether the labels of a cache counter say hit or miss. */
export function cacheResultOf(labels: Readonly<Record<string, string>>): 'hit' | 'miss' | undefined {
  for (const value of Object.values(labels)) {
    if (/^hits?$/i.test(value)) return 'hit';
    if (/^miss(es|ed)?$/i.test(value)) return 'miss';
  }
  return undefined;
}
