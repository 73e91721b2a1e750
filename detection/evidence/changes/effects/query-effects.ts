import type { EffectClass } from '../../../faults/effect-symptoms.ts';
import type { Fact } from '../facts/fact.ts';
import type { ChangeEffect } from './change-effect.ts';
import type { FactDifference } from './fact-difference.ts';

/** What a clause brings by coming and by going; where it was rewritten (both), what that brings. */
const clauses: Readonly<Record<string, { fresh?: EffectClass; gone?: EffectClass; both?: EffectClass }>> = {
  where: { gone: 'query-widened', fresh: 'query-changed', both: 'query-changed' },
  limit: { gone: 'query-widened', both: 'query-changed' },
  order: { fresh: 'query-changed', both: 'query-changed' },
  group: { fresh: 'query-changed', gone: 'query-changed', both: 'query-changed' },
  having: { gone: 'query-widened', both: 'query-changed' },
  columns: { both: 'query-changed' },
  from: { both: 'query-changed', fresh: 'query-changed' },
  set: { both: 'query-changed' },
  part: { both: 'query-changed' },
  lock: { fresh: 'statement-locks' },
  'drop-index': { fresh: 'index-dropped' },
  'create-index': { gone: 'index-dropped', fresh: 'statement-locks', both: 'query-changed' },
  'drop-table': { fresh: 'schema-dropped' },
  'drop-column': { fresh: 'schema-dropped' },
  'rename-column': { fresh: 'schema-dropped' },
  'rename-table': { fresh: 'schema-dropped' },
  'alter-column': { fresh: 'schema-changed' },
  'add-constraint': { fresh: 'schema-changed' },
  'drop-constraint': { fresh: 'schema-changed' },
};

const surest: Partial<Record<EffectClass, number>> = {
  'query-widened': 0.85,
  'index-dropped': 0.95,
  'schema-dropped': 0.85,
  'statement-locks': 0.7,
  'schema-changed': 0.6,
};

/** Effects of clauses of SQL that came, went or were rewritten, in files of statements and in the texts of programs alike. */
export function queryEffects({ gone, fresh }: FactDifference): ChangeEffect[] {
  const effects: ChangeEffect[] = [];
  const kinds = new Set([...gone, ...fresh].filter(({ kind }) => kind === 'clause').map(({ on }) => on ?? ''));
  for (const on of kinds) {
    const row = clauses[on];
    if (row === undefined) continue;
    const out = clausesOf(gone, on);
    const came = clausesOf(fresh, on);
    const both = Math.min(out.length, came.length);
    const tell = (effect: EffectClass | undefined, fact: Fact | undefined, more?: Partial<ChangeEffect>): void => {
      if (effect === undefined || fact === undefined) return;
      effects.push({
        effect,
        subject: fact.subject.slice(0, 160),
        sure: surest[effect] ?? 0.6,
        file: fact.file,
        ...more,
      });
    };
    for (let index = 0; index < both; index += 1) {
      const [old, now] = [out[index]!, came[index]!];
      const wider = typeof old.value === 'number' && typeof now.value === 'number' && now.value > old.value;
      tell(on === 'limit' && wider ? 'query-widened' : row.both, now, { before: old.subject, after: now.subject });
    }
    for (const fact of out.slice(both)) tell(row.gone, fact);
    for (const fact of came.slice(both)) tell(row.fresh, fact);
  }
  return effects;
}

function clausesOf(facts: readonly Fact[], on: string): Fact[] {
  return facts.filter((fact) => fact.kind === 'clause' && fact.on === on);
}
