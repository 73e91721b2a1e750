import { expect, it } from 'vitest';
import { signalsIdOf, signalsOf } from './signals-route.ts';

it('keeps what is shown in the address and back', () => {
  for (const shown of [
    { minutes: 15 },
    { entity: 'service:cart', minutes: 60 },
    { entity: 'service:cart', metric: 'request_seconds', minutes: 1_440 },
    { metric: 'up', minutes: 5 },
  ])
    expect(signalsOf(signalsIdOf(shown))).toEqual(shown);
});

it('takes an address that says nothing, or nonsense, as a quarter of an hour', () => {
  expect(signalsOf(undefined)).toEqual({ minutes: 15 });
  expect(signalsOf('service:cart||soon')).toEqual({ entity: 'service:cart', minutes: 15 });
});
