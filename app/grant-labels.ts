import type { ToolSession } from '../tools/client.ts';

/** What may be read of the labelled knowledge: access labels by principal id (`console`, `terminal`, `slack:T1:U1`, …). */
export type LabelGrants = Readonly<Record<string, readonly string[]>>;

/** The session with the labels that its principal was granted, besides those that its door gave. */
export function grantLabels(session: ToolSession, grants: LabelGrants): ToolSession {
  const { principal } = session;
  const granted = Object.hasOwn(grants, principal.id) ? grants[principal.id]! : [];
  if (granted.length === 0) return session;
  return { ...session, principal: { ...principal, labels: [...new Set([...(principal.labels ?? []), ...granted])] } };
}
