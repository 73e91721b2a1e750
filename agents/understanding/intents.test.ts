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
    ['which service has the most errors', 'show-metric'],
    ['top 5 slowest services', 'show-metric'],
    ['slowest calls of @e', 'show-traces'],
    ['which deploy caused the most errors', 'diagnose'],
    ['which alerts fired @t', 'status'],
    ['why is this alert firing', 'diagnose'],
    ['explain that score', 'diagnose'],
    ['explain how @e works', 'knowledge'],
  ])('hears in "%s" the intent %s', (line, intent) => {
    expect(scoreIntents(line, roleMention(line))[0]?.intent).toBe(intent);
  });

  it.each([
    'which services will fail soon',
    'what is going to break next',
    'will @e fail @h',
    'what breaks next',
    'which service is most likely to fail',
    'is @e about to die',
    'any trouble ahead',
    'will we survive the night',
    'will the disk fail soon',
    'is anything at risk',
    'predict outages for @h',
    'what else might go wrong @h',
    'will anything page me @h',
    'when will @e crash',
    'will it get worse',
  ])('hears in "%s" a failure that lies ahead', (line) => {
    expect(scoreIntents(line, roleMention(line))[0]?.intent).toBe('predict-failure');
  });

  it.each([
    ['why did it fail soon after the deploy', 'diagnose'],
    ['why will @e not start', 'diagnose'],
    ['it keeps failing soon after every deploy', 'what-changed'],
    ['what failed next to @e', 'diagnose'],
    ['could this be a problem with @e', 'diagnose'],
    ['when did @e fail', 'since-when'],
    ['what will break if @e goes down', 'impact'],
    ['what else will break when @e dies', 'impact'],
    ['who will be affected by the outage', 'impact'],
    ['what should we do so it will not fail again', 'remediate'],
    ['how do we stop @e from failing next time', 'knowledge'],
    ['will the disk hold until @h', 'forecast'],
    ['will latency be ok @h', 'forecast'],
    ['will @e cope with @n', 'forecast'],
    ['when will the disk be full', 'forecast'],
  ])('takes "%s" for no prediction of failures but for %s', (line, intent) => {
    expect(scoreIntents(line, roleMention(line))[0]?.intent).toBe(intent);
  });

  it('hears nothing in nonsense', () => {
    expect(scoreIntents('asdf qwer', undefined)).toEqual([]);
  });
});
