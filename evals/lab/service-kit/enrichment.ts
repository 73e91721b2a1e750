import type { HttpReply } from './http-server.ts';

interface Priced {
  readonly pricing: { readonly currency: string; readonly tax: { readonly rate: number } };
}

/** Adds the tax rate to a reply for the display; expects every reply to carry it in its pricing. */
export function enrichReply(reply: HttpReply): HttpReply {
  const { pricing } = reply.body as Priced;
  return { ...reply, body: { ...(reply.body as object), taxRate: pricing.tax.rate.toFixed(2) } };
}
