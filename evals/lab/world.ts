import { dataDomains, databaseNames, providerNames, serviceNames } from './names.ts';
import type { DataDomain, Role } from './names.ts';
import type { Random } from './random.ts';
import { createRandom } from './random.ts';

/** One process of the shop. `calls` are the roles it sends requests to. */
export interface ServiceSpec {
  readonly role: Role;
  readonly name: string;
  readonly version: string;
  readonly calls: readonly Role[];
  readonly data: readonly DataDomain[];
  readonly cached: boolean;
  readonly volume: boolean;
  /** How far this service's log clock is off, in milliseconds. */
  readonly skewMs: number;
  readonly shuffledLogs: boolean;
}

/** One database server and the data that lives in it. */
export interface DatabaseSpec {
  readonly name: string;
  readonly domains: readonly DataDomain[];
  readonly latencyMs: number;
}

/** What the load generator does. `rate` is in requests per second. */
export interface LoadSpec {
  readonly rate: number;
  readonly amplitude: number;
  readonly periodS: number;
  readonly phase: number;
  readonly noise: number;
  readonly mix: Readonly<Record<string, number>>;
}

/** Everything that a seed decides before anything runs: names, edges, placement, load. */
export interface World {
  readonly seed: number;
  readonly services: readonly ServiceSpec[];
  readonly databases: readonly DatabaseSpec[];
  readonly provider: string;
  readonly load: LoadSpec;
  readonly sampleRatio: number;
}

/** Draws the world of a seed. Pure: the same seed gives an equal world. */
export function worldOf(seed: number): World {
  const random = createRandom(seed).fork('world');
  const databases = drawDatabases(random.fork('databases'));
  return {
    seed,
    services: drawServices(random.fork('services')),
    databases,
    provider: random.pick(providerNames),
    load: drawLoad(random.fork('load')),
    sampleRatio: random.between(0.1, 0.16),
  };
}

/** The service of a role; throws when this world has none. */
export function serviceOf(world: World, role: Role): ServiceSpec {
  const found = world.services.find((service) => service.role === role);
  if (found === undefined) throw new Error(`this world has no ${role}`);
  return found;
}

/** The database that holds a data domain. */
export function databaseOf(world: World, domain: DataDomain): DatabaseSpec {
  const found = world.databases.find((database) => database.domains.includes(domain));
  if (found === undefined) throw new Error(`no database holds ${domain}`);
  return found;
}

function drawDatabases(random: Random): DatabaseSpec[] {
  const groups: readonly (readonly DataDomain[])[] = random.pick([
    [['products', 'reviews'], ['orders', 'carts'], ['stock']],
    [
      ['products', 'reviews', 'stock'],
      ['orders', 'carts'],
    ],
    [['products', 'reviews'], ['orders', 'stock'], ['carts']],
    [
      ['products', 'stock'],
      ['orders', 'carts', 'reviews'],
    ],
  ] satisfies DataDomain[][][]);
  return groups.map((domains) => ({
    name: random.pick(databaseNames[domains[0] ?? 'products']),
    domains,
    latencyMs: random.between(9, 12),
  }));
}

interface Edges {
  readonly stockAtCatalog: boolean;
  readonly cartChecksStock: boolean;
  readonly reviews: boolean;
  readonly searchReadsData: boolean;
  readonly ledger: boolean;
  readonly journal: boolean;
  readonly productPageRecommends: boolean;
}

function drawServices(random: Random): ServiceSpec[] {
  const edges: Edges = {
    stockAtCatalog: random.chance(0.5),
    cartChecksStock: random.chance(0.5),
    reviews: random.chance(0.6),
    searchReadsData: random.chance(0.5),
    ledger: random.chance(0.5),
    journal: random.chance(0.5),
    productPageRecommends: random.chance(0.4),
  };
  const roles: Role[] = ['gateway', 'catalog', 'search', 'cart', 'checkout', 'payment', 'inventory'];
  roles.push('recommendation', 'notification', 'broker');
  if (edges.reviews) roles.push('reviews');
  const skewed = random.shuffle(roles.filter((role) => role !== 'broker')).slice(0, random.int(1, 2));
  const shuffled = random.shuffle(roles).slice(0, random.int(1, 2));
  return roles.map((role) => ({
    role,
    name: random.pick(serviceNames[role]),
    version: `${random.int(1, 4)}.${random.int(0, 30)}.${random.int(0, 9)}`,
    calls: callsOf(role, edges),
    data: dataOf(role, edges),
    cached: role === 'catalog' || role === 'search' || role === 'recommendation',
    volume: role === 'payment' || role === 'notification' || (role === 'checkout' && edges.journal),
    skewMs: skewed.some((other) => other === role) ? random.pick([-1, 1]) * random.int(1500, 6000) : 0,
    shuffledLogs: shuffled.includes(role),
  }));
}

function callsOf(role: Role, edges: Edges): Role[] {
  const when = (condition: boolean, called: Role): Role[] => (condition ? [called] : []);
  const calls: Partial<Record<Role, Role[]>> = {
    gateway: [
      'catalog',
      'search',
      'cart',
      'checkout',
      'recommendation',
      ...when(!edges.stockAtCatalog, 'inventory'),
      ...when(edges.reviews, 'reviews'),
    ],
    catalog: when(edges.stockAtCatalog, 'inventory'),
    search: ['catalog'],
    cart: ['catalog', ...when(edges.cartChecksStock, 'inventory')],
    checkout: ['cart', 'inventory', 'payment', 'broker'],
    payment: ['provider'],
    recommendation: ['catalog', ...when(edges.productPageRecommends, 'inventory')],
    notification: ['broker'],
  };
  return calls[role] ?? [];
}

function dataOf(role: Role, edges: Edges): DataDomain[] {
  const data: Partial<Record<Role, DataDomain[]>> = {
    catalog: ['products'],
    search: edges.searchReadsData ? ['products'] : [],
    cart: ['carts'],
    checkout: ['orders'],
    payment: edges.ledger ? ['orders'] : [],
    inventory: ['stock'],
    reviews: ['reviews'],
  };
  return data[role] ?? [];
}

function drawLoad(random: Random): LoadSpec {
  const vary = (share: number): number => share * random.between(0.85, 1.15);
  return {
    rate: random.between(34, 43),
    amplitude: random.between(0.06, 0.14),
    periodS: random.between(90, 240),
    phase: random.between(0, 2 * Math.PI),
    noise: random.between(0.04, 0.1),
    mix: {
      product: vary(0.3),
      list: vary(0.16),
      search: vary(0.14),
      recommendations: vary(0.1),
      cart: vary(0.1),
      add: vary(0.12),
      checkout: vary(0.1),
      orders: vary(0.06),
    },
  };
}

/** All data domains that some service of this world reads. */
export function domainsIn(world: World): DataDomain[] {
  return dataDomains.filter((domain) => world.services.some((service) => service.data.includes(domain)));
}
