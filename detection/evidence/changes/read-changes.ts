import { entityIdOf, entityNameOf } from '../../../domain/entity.ts';
import type { Finding } from '../../../domain/finding.ts';
import type { Change } from '../../../domain/signal.ts';
import { alteredConstants } from './altered-constants.ts';
import type { AlteredConstant } from './altered-constants.ts';
import { linkChanges } from './link-changes.ts';
import type { Reach } from './link-changes.ts';
import type { Alteration } from './read-diff.ts';
import { readDiff } from './read-diff.ts';
import { versionSteps } from './version-steps.ts';
import { wordsOfCode } from './words-of-code.ts';
import { makeFinding } from '../signals/make-finding.ts';
import type { ChangeHint } from './change-hints.ts';
import { changeHints, isIdleFile } from './change-hints.ts';

/** What reading a change tells: which fault kinds it could bring and how surely, the words and values it alters, or why it can bring none. */
export interface ChangeReading {
  hints: Record<string, number>;
  touches: string[];
  /** Words of altered lines, and words beside them (headings, file names, the title). */
  words: string[];
  nearWords: string[];
  constants: AlteredConstant[];
  innocent?: string;
}

/**
 * Changes as findings of kind `change`, oldest first by the time they began to run: what each diff touches and which fault kinds that could
 * bring (`data.hints`, kind to strength in [0, 1]), or why it can bring none (`data.innocent`). A deploy that only names a commit is told with
 * that commit; `data.reaches` says where and since when each runs. A reading, not a verdict: blame needs the mechanism seen in telemetry.
 */
export function readChanges(changes: readonly Change[]): Finding[] {
  const reaches = linkChanges(changes);
  const commits = new Set(changes.filter(({ kind }) => kind === 'commit').map(({ id }) => id));
  return changes
    .filter(
      ({ kind, ref, diff }) => !(kind === 'deploy' && diff === undefined && ref !== undefined && commits.has(ref)),
    )
    .map((change) => findingOf(change, reaches.get(change.id) ?? []))
    .sort(
      (left, right) =>
        Date.parse(left.onset ?? '') - Date.parse(right.onset ?? '') || (keyOf(left) < keyOf(right) ? -1 : 1),
    );
}

function keyOf(finding: Finding): string {
  return typeof finding.data?.['change'] === 'string' ? finding.data['change'] : finding.id;
}

function findingOf(change: Change, reaches: readonly Reach[]): Finding {
  const reading = readChange(change);
  const best = Object.entries(reading.hints).sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))[0];
  const first = reaches[0];
  const entity = first?.entity ?? change.entity ?? entityIdOf('other', 'unknown');
  const touched =
    reading.touches.length > 0
      ? `touches ${reading.touches.slice(0, 3).join(', ')}`
      : (reading.innocent ?? 'shows no diff');
  return makeFinding({
    kind: 'change',
    entity,
    signal: { type: 'change', role: 'config', name: change.kind },
    statement: `${change.kind} at ${entityNameOf(entity)}: ${touched}`,
    excerpt: change.title.slice(0, 200),
    direction: 'changed',
    onset: first?.at ?? change.at,
    severity: reading.innocent === undefined ? 0.25 : 0.05,
    ...(best === undefined ? {} : { faultKind: best[0] }),
    data: {
      change: change.id,
      changeKind: change.kind,
      hints: reading.hints,
      touches: reading.touches,
      ...(reading.innocent === undefined ? {} : { innocent: reading.innocent }),
      ...(reading.words.length === 0 ? {} : { words: reading.words, nearWords: reading.nearWords }),
      ...(reading.constants.length === 0 ? {} : { constants: reading.constants }),
      files: (change.files ?? []).slice(0, 8),
      reaches: reaches.slice(0, 8),
    },
  });
}

/** Reads one change. Only lines that alter what runs count; a change without a diff is read by its title and kind, weakly. */
export function readChange(change: Change): ChangeReading {
  const lines = readDiff(change);
  const title = `${change.title} ${change.summary ?? ''} ${lines.files.join(' ')}`;
  const innocent = innocenceOf(change, lines, title);
  if (innocent !== undefined) return { hints: {}, touches: [], words: [], nearWords: [], constants: [], innocent };
  const constants = alteredConstants(lines);
  const hints: Record<string, number> = {};
  const touches: string[] = [];
  const tell = (touched: string, kinds: readonly string[], strength: number): void => {
    if (!touches.includes(touched)) touches.push(touched);
    for (const kind of kinds) hints[kind] = Math.max(hints[kind] ?? 0, Math.round(100 * strength) / 100);
  };
  const added = lines.added.map(({ text }) => text);
  const removed = lines.removed.map(({ text }) => text);
  const places = { added, removed, changed: [...added, ...removed], words: [title] };
  for (const hint of changeHints) {
    if (!movesAsHinted(hint, constants)) continue;
    if (places[hint.in].some((line) => hint.pattern.test(line))) tell(hint.touches, hint.faultKinds, hint.strength);
    else if (hint.in !== 'words' && !lines.hasDiff && hint.pattern.test(title))
      tell(hint.touches, hint.faultKinds, hint.strength * 0.45);
    else if (hint.in !== 'words' && hint.faultKinds.length > 0 && hint.moved === undefined && hint.pattern.test(title))
      tell(hint.touches, hint.faultKinds, hint.strength * 0.45);
  }
  if (lines.hasDiff && change.kind === 'deploy' && added.length > 0 && !('bad-deploy-errors' in hints)) {
    tell('code', ['bad-deploy-errors'], 0.3);
  }
  const words = wordsOfCode([...added, ...removed].join(' '));
  const near = wordsOfCode(`${lines.around.join(' ')} ${title}`);
  return {
    hints,
    touches,
    words: [...words].sort().slice(0, 80),
    nearWords: [...near]
      .filter((word) => !words.has(word))
      .sort()
      .slice(0, 60),
    constants: constants.slice(0, 12),
  };
}

/** Where values that a hint speaks of were set anew, one must have moved the way that brings the fault. */
function movesAsHinted(hint: ChangeHint, constants: readonly AlteredConstant[]): boolean {
  if (hint.moved === undefined) return true;
  const spoken = constants.filter(({ key, moved }) => moved !== 'replaced' && hint.pattern.test(key));
  return spoken.length === 0 || spoken.some(({ moved }) => moved === hint.moved);
}

/** Why a change can bring no fault; undefined when it may. */
function innocenceOf(change: Change, lines: Alteration, words: string): string | undefined {
  const { files } = lines;
  if (files.length > 0 && files.every(isIdleFile)) return 'touches only tests, documents, texts or dashboards';
  const steps = versionSteps(lines);
  if (steps === 'patch') return 'raises dependencies by patch versions only';
  if (lines.hasDiff && lines.plain) return 'moves code or changes only types, texts, comments or logging';
  if (onlyLogLevel(lines)) return 'changes only a log level or an alert';
  if (change.kind === 'commit' && /not (yet )?(released|deployed|rolled out)/i.test(words))
    return 'is not released yet';
  const shown = /presentation|experiment|finished|completed|survey|banner|icon|footer/i;
  if (!lines.hasDiff && (change.kind === 'flag' || change.kind === 'rollout') && shown.test(words)) {
    return 'alters presentation or only reports that something ended';
  }
  return undefined;
}

function onlyLogLevel({ added, removed }: Alteration): boolean {
  const lines = [...added, ...removed].map(({ text }) => text).filter((line) => line.trim() !== '');
  return (
    lines.length > 0 &&
    !added.some(({ text }) => /\b(debug|trace|verbose)\b/i.test(text)) &&
    lines.every((line) => /log.?level|audit.?level|^\s*(for|severity|threshold|summary|description):/i.test(line))
  );
}
