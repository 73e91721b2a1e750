import type { Role } from '../names.ts';
import type { Service, ServiceShape } from '../service-kit/service.ts';

type Shape = (service: Service) => ServiceShape;

const shapes: Readonly<Record<Exclude<Role, 'provider'>, () => Promise<Shape>>> = {
  gateway: async () => (await import('./gateway.ts')).gateway,
  catalog: async () => (await import('./catalog.ts')).catalog,
  search: async () => (await import('./search.ts')).search,
  cart: async () => (await import('./cart.ts')).cart,
  checkout: async () => (await import('./checkout.ts')).checkout,
  payment: async () => (await import('./payment.ts')).payment,
  inventory: async () => (await import('./inventory.ts')).inventory,
  recommendation: async () => (await import('./recommendation.ts')).recommendation,
  notification: async () => (await import('./notification.ts')).notification,
  reviews: async () => (await import('./reviews.ts')).reviews,
  broker: async () => (await import('./broker.ts')).broker,
};

/** What a role does; loads only that role's code. */
export function shapeOf(role: Exclude<Role, 'provider'>): Promise<Shape> {
  return shapes[role]();
}
