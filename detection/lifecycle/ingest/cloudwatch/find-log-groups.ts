import { createNameMatcher } from '../../../../infra/runtime/name-matcher.ts';
import type { CloudWatchApi } from './cloudwatch-api.ts';

/** The log groups that a name with `*` fits, by the part before the first `*`; a plain name as it is, unasked. Throws what the API throws. */
export async function findLogGroups(
  cloudwatch: Pick<CloudWatchApi, 'listLogGroups'>,
  pattern: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const glob = pattern.indexOf('*');
  if (glob < 0) return [pattern];
  return (await cloudwatch.listLogGroups(pattern.slice(0, glob), signal)).filter(createNameMatcher([pattern]));
}
