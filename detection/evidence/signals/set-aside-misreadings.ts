import type { EntityId } from '../../../domain/entity.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import type { Derived } from './derived-series.ts';
import { formatValue, measureName } from './describe-shift.ts';
import { median } from './robust-statistics.ts';

/** A reading that cannot be: of what, and how it shows. */
export interface Misreading {
  entity: EntityId;
  metric: string;
  sentence: string;
}

/** From so much on a value is impossible for its unit and aspect; `least` likewise below. */
interface Possible {
  least: number;
  most: number;
  why: string;
}

/** 30 years: what is longer is a moment that was taken for a duration. */
const longestSeconds = 946_080_000;
/** So large a part of the samples makes the whole series wrong; a smaller one is left out of it. */
const mostImpossible = 0.1;

/** What the values of a derived series can be; undefined where nothing is known. */
function possibleOf({ aspect, unit, role }: Derived): Possible | undefined {
  if (aspect === 'saturation') return { least: -0.05, most: 1.5, why: 'no limit is used so far beyond itself' };
  if (aspect === 'error-ratio' || aspect === 'hit-ratio')
    return { least: 0, most: 1.001, why: 'a share is between none and all' };
  if (unit === 'ratio' && role === 'cpu') return { least: 0, most: 1_024, why: 'no host has so many cores' };
  if (aspect === 'start-time') return undefined;
  if (unit === 'seconds')
    return { least: aspect === 'age' ? -60 : 0, most: longestSeconds, why: 'nothing takes so long' };
  return unit === 'per-second'
    ? { least: 0, most: Number.MAX_VALUE, why: 'nothing happens less than never' }
    : undefined;
}

/**
 * Takes out what cannot be: limits used far beyond themselves, shares outside none to all, negative durations, durations of decades. Single impossible
 * samples are dropped; where they are more than a tenth, the series is set aside whole, because its unit, or what it was held against, was misread. What is
 * set aside is no evidence of anything; it is told. Cost linear.
 */
export function setAsideMisreadings(derived: readonly Derived[]): { kept: Derived[]; misread: Misreading[] } {
  const kept: Derived[] = [];
  const misread: Misreading[] = [];
  for (const one of derived) {
    const possible = possibleOf(one);
    const wrong =
      possible === undefined ? [] : one.samples.filter(([, value]) => value < possible.least || value > possible.most);
    if (possible === undefined || wrong.length === 0) {
      kept.push(one);
      continue;
    }
    if (wrong.length <= mostImpossible * one.samples.length) {
      kept.push(without(one, possible));
      continue;
    }
    const value = formatValue(median(wrong.map(([, each]) => each)), one.unit);
    misread.push({
      entity: one.entity,
      metric: one.metric,
      sentence: `${measureName(one)} of ${entityNameOf(one.entity)} reads ${value}, and ${possible.why}: it is set aside as misread`,
    });
  }
  return { kept, misread };
}

function without(one: Derived, { least, most }: Possible): Derived {
  const possible = one.samples.map(([, value]) => value >= least && value <= most);
  const made: Derived = { ...one, samples: one.samples.filter((_, index) => possible[index]) };
  if (one.weights !== undefined) made.weights = one.weights.filter((_, index) => possible[index]);
  return made;
}
