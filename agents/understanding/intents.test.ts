import { describe, expect, it } from 'vitest';
import { scoreIntents } from './intents.ts';
import { roleMention } from './metrics.ts';

describe('scoreIntents', () => {
  it.each([
    ['why is @e slow', 'diagnose'],
    ['is @e slow', 'status'],
    ['since when is @e slow', 'since-when'],
    ['what changed on @e @t', 'what-changed'],
    ['was there a rollout of @e', 'what-changed'],
    ['how bad is the @e outage', 'impact'],
    ['what would happen if @e goes down', 'impact'],
    ['p95 of @e @t', 'show-metric'],
    ['logs of @e', 'show-logs'],
    ['slowest requests of @e', 'show-traces'],
    ['is @e slower than usual', 'compare'],
    ['when will @e be full', 'forecast'],
    ['who calls @e', 'dependencies'],
    ['any cves in @e', 'vulnerabilities'],
    ['what does @e cost', 'costs'],
    ['how do we fix @e', 'remediate'],
    ['have we seen this before', 'history'],
    ['how do i drain @e', 'knowledge'],
    ['which services do you know', 'list-services'],
    ['what can you do', 'help'],
  ])('hears in "%s" the intent %s', (line, intent) => {
    expect(scoreIntents(line, roleMention(line))[0]?.intent).toBe(intent);
  });

  it('hears nothing in nonsense', () => {
    expect(scoreIntents('asdf qwer', undefined)).toEqual([]);
  });
});
