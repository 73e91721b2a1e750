/** The parts that a shop is made of; a seed gives each a name of its own. */
export type Role =
  | 'gateway'
  | 'catalog'
  | 'search'
  | 'cart'
  | 'checkout'
  | 'payment'
  | 'inventory'
  | 'recommendation'
  | 'notification'
  | 'reviews'
  | 'broker'
  | 'provider';

/** One table with its index and the queries on it. */
export type DataDomain = 'products' | 'orders' | 'carts' | 'stock' | 'reviews';

export const dataDomains: readonly DataDomain[] = ['products', 'orders', 'carts', 'stock', 'reviews'];

/** Synonyms that a seed picks service names from. */
export const serviceNames: Readonly<Record<Role, readonly string[]>> = {
  gateway: ['gateway', 'edge', 'storefront', 'web', 'api-gateway', 'frontend'],
  catalog: ['catalog', 'products', 'product-catalog', 'items', 'assortment'],
  search: ['search', 'finder', 'product-search', 'query-api', 'discovery'],
  cart: ['cart', 'basket', 'shopping-cart', 'bag'],
  checkout: ['checkout', 'orders', 'order-service', 'purchase'],
  payment: ['payment', 'payments', 'billing', 'charge-service'],
  inventory: ['inventory', 'stock', 'warehouse', 'availability'],
  recommendation: ['recommendation', 'recommender', 'suggestions', 'for-you'],
  notification: ['notification', 'mailer', 'notifier', 'messaging', 'email-worker'],
  reviews: ['reviews', 'ratings', 'feedback'],
  broker: ['queue', 'broker', 'message-bus', 'order-events'],
  provider: ['provider'],
};

export const databaseNames: Readonly<Record<DataDomain, readonly string[]>> = {
  products: ['catalog-db', 'product-db', 'items-db'],
  orders: ['orders-db', 'sales-db', 'order-store'],
  carts: ['carts-db', 'basket-db', 'session-store'],
  stock: ['inventory-db', 'stock-db', 'warehouse-db'],
  reviews: ['reviews-db', 'ratings-db'],
};

export const providerNames: readonly string[] = [
  'api.paywave.example',
  'gateway.cardflow.example',
  'payments.nordpay.example',
];
