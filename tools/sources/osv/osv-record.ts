import semver from 'semver';
import { z } from 'zod';

const event = z.object({
  introduced: z.string().optional(),
  fixed: z.string().optional(),
  last_affected: z.string().optional(),
  limit: z.string().optional(),
});

/** The part of an OSV record (OSV schema 1.x, ossf.github.io/osv-schema) that says what is affected. Members we do not know are left alone. */
export const osvRecord = z.object({
  id: z.string(),
  summary: z.string().optional(),
  details: z.string().optional(),
  withdrawn: z.string().optional(),
  aliases: z.array(z.string()).optional(),
  affected: z
    .array(
      z.object({
        package: z.object({ name: z.string(), ecosystem: z.string() }).optional(),
        ranges: z.array(z.object({ type: z.string(), events: z.array(event) })).optional(),
        versions: z.array(z.string()).optional(),
      }),
    )
    .default([]),
  database_specific: z.object({ severity: z.string().optional() }).optional(),
});
export type OsvRecord = z.infer<typeof osvRecord>;
type Affected = OsvRecord['affected'][number];

/**
 * Whether a version is affected, by the evaluation of the OSV schema: listed by name, or inside a SEMVER or ECOSYSTEM range (from an
 * `introduced`, where `0` is before all, up to but not including the next `fixed`, or up to and including a `last_affected`). A version that
 * is no semantic version is affected only when listed.
 */
export function isAffected(affected: Affected, version: string): boolean {
  if (affected.versions?.includes(version) === true) return true;
  const parsed = semver.parse(version, { loose: true });
  if (parsed === null) return false;
  return (affected.ranges ?? []).some((range) => range.type !== 'GIT' && insideRange(range.events, parsed));
}

/** The least version that mends it for someone on `version`; undefined when none is known. */
export function fixFor(affected: Affected, version: string): string | undefined {
  const fixes = (affected.ranges ?? [])
    .filter((range) => range.type !== 'GIT')
    .flatMap((range) =>
      range.events.flatMap(({ fixed }) =>
        fixed !== undefined && semver.valid(fixed, { loose: true }) !== null ? [fixed] : [],
      ),
    )
    .filter((fixed) => semver.gt(fixed, version, { loose: true }));
  return fixes.toSorted((left, right) => semver.compare(left, right, { loose: true }))[0];
}

function insideRange(events: readonly z.infer<typeof event>[], version: semver.SemVer): boolean {
  const sorted = events
    .flatMap((one) => {
      const bound = one.introduced ?? one.fixed ?? one.last_affected;
      const at =
        bound === '0' ? semver.parse('0.0.0-0') : bound === undefined ? null : semver.parse(bound, { loose: true });
      return at === null ? [] : [{ one, at }];
    })
    .toSorted((left, right) => semver.compare(left.at, right.at));
  let inside = false;
  for (const { one, at } of sorted) {
    const order = semver.compare(version, at);
    if (one.introduced !== undefined && order >= 0) inside = true;
    else if (one.fixed !== undefined && order >= 0) inside = false;
    else if (one.last_affected !== undefined && order > 0) inside = false;
  }
  return inside;
}

/** The severity word of a record, where its database gives one. */
export function severityOf(record: OsvRecord): 'low' | 'medium' | 'high' | 'critical' | 'unknown' {
  const word = record.database_specific?.severity?.toLowerCase();
  if (word === 'moderate' || word === 'medium') return 'medium';
  return word === 'low' || word === 'high' || word === 'critical' ? word : 'unknown';
}
