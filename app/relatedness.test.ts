import { expect, it } from 'vitest';
import type { Edge } from '../domain/entity.ts';
import { createRelatedness } from './relatedness.ts';

const edge = (from: string, to: string, kind: Edge['kind'] = 'calls'): Edge => ({
  from,
  to,
  kind,
  source: 'test',
  confidence: 1,
});

it('relates what depends on the other within two steps and what shares a dependency, not what only shares a caller or an owner', () => {
  const related = createRelatedness({
    entities: [],
    edges: [
      edge('gateway', 'cart'),
      edge('gateway', 'search'),
      edge('cart', 'stock'),
      edge('stock', 'database', 'reads'),
      edge('database', 'disk', 'mounts'),
      edge('mailer', 'database', 'writes'),
      edge('team', 'cart', 'owns'),
      edge('team', 'search', 'owns'),
    ],
  });
  const answers = (pairs: [string, string][]): (boolean | undefined)[] =>
    pairs.flatMap(([left, right]) => [related(left, right), related(right, left)]);
  expect(
    answers([
      ['gateway', 'cart'],
      ['gateway', 'stock'],
      ['stock', 'mailer'],
      ['cart', 'cart'],
    ]),
  ).toEqual(Array.from({ length: 8 }, () => true));
  expect(
    answers([
      ['cart', 'search'],
      ['gateway', 'database'],
      ['cart', 'mailer'],
    ]),
  ).toEqual(Array.from({ length: 6 }, () => false));
  expect(
    answers([
      ['cart', 'unheard-of'],
      ['team', 'cart'],
    ]),
  ).toEqual(Array.from({ length: 4 }, () => undefined));
});
