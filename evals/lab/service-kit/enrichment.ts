import type { HttpReply } from './http-message.ts';

interface Priced {
  readonly pricing: { readonly currency: string; readonly tax: { readonly rate: number } };
}

/** Adds the tax rate to a reply for the display; expects every reply to carry it in its pricing. */
export function enrichReply(reply: HttpReply): HttpReply {
  const body: Priced = JSON.parse(JSON.stringify(reply.body));
  return { ...reply, body: { ...body, taxRate: body.pricing.tax.rate.toFixed(2) } };
}
