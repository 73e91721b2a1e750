import { expect, it } from 'vitest';
import type { ToolSession } from '../tools/client.ts';
import { grantLabels } from './grant-labels.ts';

const session = (id: string, labels?: string[]): ToolSession => ({
  principal: { id, kind: 'person', roles: ['responder'], ...(labels === undefined ? {} : { labels }) },
  run: 'r',
  caller: 'c',
});
const grants = { 'slack:T1:U1': ['payments', 'security'] };

it('adds what the config grants to the principal of exactly this id', () => {
  expect(grantLabels(session('slack:T1:U1', ['payments', 'x']), grants).principal.labels).toEqual([
    'payments',
    'x',
    'security',
  ]);
  expect(grantLabels(session('slack:T1:U1'), grants).principal.labels).toEqual(['payments', 'security']);
  for (const other of ['slack:T1:U12', 'constructor', '__proto__'])
    expect(grantLabels(session(other), grants).principal.labels).toBeUndefined();
});
