import { entityIdOf, entityNameOf } from '../../../domain/entity.ts';
import type { Finding } from '../../../domain/finding.ts';
import type { Change } from '../../../domain/signal.ts';
import { makeFinding } from '../signals/make-finding.ts';
import type { ChangeEffect } from './effects/change-effect.ts';
import { linkChanges } from './link-changes.ts';
import type { Reach } from './link-changes.ts';
import type { GrammarName, Grammars } from './parse/grammars.ts';
import { noGrammars } from './parse/grammars.ts';
import { formatOf } from './parse/language-of.ts';
import { readDiff } from './read-diff.ts';
import { readEffects } from './read-effects.ts';
import { wordsOfCode } from './words-of-code.ts';

/** What reading a change tells: what it does, the names that it touches and the words of them and beside them, or why it does nothing. */
export interface ChangeReading {
  effects: ChangeEffect[];
  /** Names and texts touched, whole. */
  touched: string[];
  /** Rare words of what is touched, and words beside them (headings, context, file names; the title where there is no diff). */
  words: string[];
  nearWords: string[];
  /** Places of the new side, by file and lines, where the diff numbers them. */
  places: { file: string; from: number; to: number }[];
  /** Kinds of file that no grammar read. */
  byLines: string[];
  innocent?: string;
}

/** The grammars that reading these changes needs: load them first, then read. */
export function grammarsFor(changes: readonly Change[]): Set<GrammarName> {
  const names = new Set<GrammarName>();
  for (const change of changes) {
    if (change.diff === undefined || change.diff === '') continue;
    for (const file of new Set([...(change.files ?? []), ...readDiff(change).map((hunk) => hunk.file)])) {
      const format = formatOf(file);
      if (format.by === 'grammar') names.add(format.grammar);
    }
  }
  return names;
}

/**
 * Changes as findings of kind `change`, oldest first by the time they began to run: what each does (`data.effects`), or why
 * it does nothing when it runs (`data.innocent`). A deploy that only names a commit is told with
 * that commit; `data.reaches` says where and since when each runs. A reading, not a verdict: blame needs the
 * symptom seen in telemetry. Without grammars diffs are read by lines and words, and say so.
 */
export function readChanges(changes: readonly Change[], grammars: Grammars = noGrammars): Finding[] {
  const reaches = linkChanges(changes);
  const commits = new Set(changes.filter(({ kind }) => kind === 'commit').map(({ id }) => id));
  return changes
    .filter(
      ({ kind, ref, diff }) => !(kind === 'deploy' && diff === undefined && ref !== undefined && commits.has(ref)),
    )
    .map((change) => findingOf(change, reaches.get(change.id) ?? [], readChange(change, grammars)))
    .sort(
      (left, right) =>
        Date.parse(left.onset ?? '') - Date.parse(right.onset ?? '') || (keyOf(left) < keyOf(right) ? -1 : 1),
    );
}

function keyOf(finding: Finding): string {
  return typeof finding.data?.['change'] === 'string' ? finding.data['change'] : finding.id;
}

function findingOf(change: Change, reaches: readonly Reach[], reading: ChangeReading): Finding {
  const first = reaches[0];
  const entity = first?.entity ?? change.entity ?? entityIdOf('other', 'unknown');
  return makeFinding({
    kind: 'change',
    entity,
    signal: { type: 'change', role: 'config', name: change.kind },
    statement: `${change.kind} at ${entityNameOf(entity)}: ${saidOf(reading)}`,
    excerpt: change.title.slice(0, 200),
    direction: 'changed',
    onset: first?.at ?? change.at,
    severity: reading.innocent === undefined ? 0.25 : 0.05,
    data: {
      change: change.id,
      changeKind: change.kind,
      effects: reading.effects.slice(0, 12),
      ...(reading.innocent === undefined ? {} : { innocent: reading.innocent }),
      ...(reading.words.length + reading.nearWords.length === 0
        ? {}
        : { words: reading.words, nearWords: reading.nearWords }),
      ...(reading.touched.length === 0 ? {} : { touched: reading.touched.slice(0, 40) }),
      ...(reading.byLines.length === 0 ? {} : { byLines: reading.byLines }),
      ...(reading.places.length === 0 ? {} : { places: reading.places.slice(0, 40) }),
      files: (change.files ?? []).slice(0, 8),
      reaches: reaches.slice(0, 8),
    },
  });
}

function saidOf({ effects, innocent, byLines }: ChangeReading): string {
  if (innocent !== undefined) return innocent;
  const told = [...new Set(effects.slice(0, 3).map(({ effect }) => effect.replaceAll('-', ' ')))].join(', ');
  const how = byLines.length === 0 ? '' : ` (${byLines.join(', ')} read by lines and words)`;
  return told === '' ? `what it does cannot be read${how}` : `${told}${how}`;
}

/** Reads one change. What its title says is no effect: a change without a diff does what its kind does, weakly. */
export function readChange(change: Change, grammars: Grammars = noGrammars): ChangeReading {
  const { effects, touched, hunks, byLines, quiet } = readEffects(change, grammars);
  const shown = (change.diff ?? '') !== '';
  const beside = [
    ...hunks.flatMap(({ heading, before, after }) => [heading, ...before, ...after]),
    ...(change.files ?? []),
    ...(shown ? [] : [change.title, change.summary ?? '']),
  ];
  const words = wordsOfCode(touched.join(' '));
  const near = wordsOfCode(beside.join(' ').slice(0, 40_000));
  const idle = quiet ?? (shown ? undefined : idleOf(change));
  return {
    effects: idle === undefined && !shown ? unseen(change) : effects,
    touched,
    words: [...words].sort().slice(0, 80),
    nearWords: [...near]
      .filter((word) => !words.has(word))
      .sort()
      .slice(0, 60),
    places: hunks.flatMap(({ file, lines }) => (lines === undefined ? [] : [{ file, ...lines }])),
    byLines,
    ...(idle === undefined ? {} : { innocent: idle }),
  };
}

function idleOf({ files = [] }: Change): string | undefined {
  return files.length > 0 && files.every((file) => formatOf(file).by === 'prose')
    ? 'touches only texts, pictures or locks of versions'
    : undefined;
}

/** What a change of each kind does where no diff shows it, and how surely. */
const unseenEffects: Readonly<Record<Change['kind'], Pick<ChangeEffect, 'effect' | 'sure'> | undefined>> = {
  flag: { effect: 'flag-changed', sure: 0.6 },
  config: { effect: 'value-changed', sure: 0.4 },
  schema: { effect: 'schema-changed', sure: 0.5 },
  deploy: { effect: 'code-changed', sure: 0.6 },
  commit: { effect: 'code-changed', sure: 0.4 },
  rollout: undefined,
  infrastructure: undefined,
};

function unseen({ kind, title, files }: Change): ChangeEffect[] {
  const effect = unseenEffects[kind];
  return effect === undefined ? [] : [{ ...effect, subject: title.slice(0, 120), file: files?.[0] ?? '' }];
}
