import { describe, expect, it } from 'vitest';
import { entityIdOf, type Entity, type EntityKind } from '../../domain/entity.ts';
import { findEntities, meansAll, suggestions } from './entities.ts';
import { tokenise } from './tokens.ts';
import { isVocabulary } from './vocabulary.ts';

const known: Entity[] = [
  one('service', 'parcel-router', ['router']),
  one('service', 'labelPrinter'),
  one('service', 'customs_check'),
  one('service', 'depot-eu'),
  one('service', 'depot-us'),
  one('service', 'manifest'),
  one('database', 'manifest'),
  { ...one('service', 'tracking'), id: 'service:live/tracking', namespace: 'live' },
  { ...one('service', 'tracking'), id: 'service:test/tracking', namespace: 'test' },
];

function one(kind: EntityKind, name: string, aliases?: string[]): Entity {
  return { id: entityIdOf(kind, name), kind, name, ...(aliases === undefined ? {} : { aliases }) };
}

function found(text: string, prefer: string[] = []): string[] {
  const tokens = tokenise(text);
  return findEntities(tokens, known, new Set(), { known: isVocabulary, prefer: new Set(prefer) }).map((mention) =>
    mention.candidates.map(({ id }) => id).join(meansAll(mention, tokens) ? ' and ' : ' or '),
  );
}

describe('findEntities', () => {
  it.each([
    ['why is parcel-router slow', 'service:parcel-router'],
    ['why is Parcel Router slow', 'service:parcel-router'],
    ['parcelRouter?', 'service:parcel-router'],
    ['parcel_routers down', 'service:parcel-router'],
    ["the router's errors", 'service:parcel-router'],
    ['prcel-router slow', 'service:parcel-router'],
    ['lable printer stuck', 'service:labelPrinter'],
    ['the printer is stuck', 'service:labelPrinter'],
    ['customs-check status', 'service:customs_check'],
    ['the customs service', 'service:customs_check'],
    ['custm check', 'service:customs_check'],
    ['manifest is slow', 'service:manifest'],
    ['the manifest db is slow', 'database:manifest'],
    ['manifest-service is slow', 'service:manifest'],
    ['depot is slow', 'service:depot-eu or service:depot-us'],
    ['both depots are slow', 'service:depot-eu and service:depot-us'],
    ['tracking is slow', 'service:live/tracking or service:test/tracking'],
    ['tracking in test is slow', 'service:test/tracking'],
    ['live tracking is slow', 'service:live/tracking'],
  ])('reads "%s"', (text, id) => {
    expect(found(text)).toEqual([id]);
  });

  it('finds several in the order said, each once', () => {
    expect(found('labelprinter and customs check, not the router')).toEqual([
      'service:labelPrinter',
      'service:customs_check',
      'service:parcel-router',
    ]);
  });

  it('prefers what was offered before', () => {
    expect(found('the depot one', ['service:depot-us'])).toEqual(['service:depot-us']);
  });

  it.each(['why is everything slow', 'show errors of the last hour', 'is it down', 'who deployed what'])(
    'finds no name in "%s"',
    (text) => {
      expect(found(text)).toEqual([]);
    },
  );

  it('suggests the nearest names and nothing far off', () => {
    expect(suggestions('label-spinner', known).map(({ name }) => name)[0]).toBe('labelPrinter');
    expect(suggestions('qqqqqq', known)).toEqual([]);
  });
});
