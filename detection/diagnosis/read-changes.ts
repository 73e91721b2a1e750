import { entityIdOf, entityNameOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Change } from '../../domain/signal.ts';
import { makeFinding } from '../signals/make-finding.ts';
import { changeHints, isIdleFile, isPlainLine } from './change-hints.ts';

/** What reading a change tells: which fault kinds it could bring and how surely, or why it can bring none. */
export interface ChangeReading {
  hints: Record<string, number>;
  touches: string[];
  innocent?: string;
}

/**
 * Changes as findings of kind `change`, oldest first: what each diff touches and which fault kinds that could bring (`data.hints`, kind to
 * strength in [0, 1]), or why it can bring none (`data.innocent`). A reading, not a verdict: blame needs the mechanism seen in telemetry.
 */
export function readChanges(changes: readonly Change[]): Finding[] {
  return [...changes]
    .sort((left, right) => Date.parse(left.at) - Date.parse(right.at) || (left.id < right.id ? -1 : 1))
    .map((change) => {
      const reading = readChange(change);
      const best = Object.entries(reading.hints).sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))[0];
      const entity = change.entity ?? entityIdOf('other', 'unknown');
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
        onset: change.at,
        severity: reading.innocent === undefined ? 0.25 : 0.05,
        ...(best === undefined ? {} : { faultKind: best[0] }),
        data: {
          change: change.id,
          changeKind: change.kind,
          hints: reading.hints,
          touches: reading.touches,
          ...(reading.innocent === undefined ? {} : { innocent: reading.innocent }),
        },
      });
    });
}

/** Reads one change. Only lines that alter what runs count; a change without a diff is read by its title and kind, weakly. */
export function readChange(change: Change): ChangeReading {
  const lines = linesOf(change);
  const words = `${change.title} ${change.summary ?? ''} ${lines.files.join(' ')}`;
  const innocent = innocenceOf(change, lines, words);
  if (innocent !== undefined) return { hints: {}, touches: [], innocent };
  const hasDiff = change.diff !== undefined && change.diff !== '';
  const hints: Record<string, number> = {};
  const touches: string[] = [];
  const tell = (touched: string, kinds: readonly string[], strength: number): void => {
    if (!touches.includes(touched)) touches.push(touched);
    for (const kind of kinds) hints[kind] = Math.max(hints[kind] ?? 0, Math.round(100 * strength) / 100);
  };
  const added = lines.added.filter((line) => !isPlainLine(line));
  const removed = lines.removed.filter((line) => !isPlainLine(line));
  const places = { added, removed, changed: [...added, ...removed], words: [words] };
  for (const hint of changeHints) {
    if (places[hint.in].some((line) => hint.pattern.test(line))) tell(hint.touches, hint.faultKinds, hint.strength);
    else if (hint.in !== 'words' && hint.pattern.test(words)) tell(hint.touches, hint.faultKinds, hint.strength * 0.45);
  }
  if (hasDiff && change.kind === 'deploy' && added.length > 0 && !('bad-deploy-errors' in hints)) {
    tell('code', ['bad-deploy-errors'], 0.3);
  }
  return { hints, touches };
}

/** Why a change can bring no fault; undefined when it may. */
function innocenceOf(change: Change, lines: ReturnType<typeof linesOf>, words: string): string | undefined {
  const { added, removed, files } = lines;
  const hasDiff = change.diff !== undefined && change.diff !== '';
  if (files.length > 0 && files.every(isIdleFile)) return 'touches only tests, documents, texts or dashboards';
  if (hasDiff && [...added, ...removed].every(isPlainLine))
    return 'changes only types, texts, comments or patch versions';
  if (onlyLogLevel(added, removed)) return 'changes only a log level or an alert';
  if (change.kind === 'commit' && /not (yet )?(released|deployed|rolled out)/i.test(words))
    return 'is not released yet';
  const shown = /presentation|experiment|finished|completed|survey|banner|icon|footer/i;
  if (!hasDiff && (change.kind === 'flag' || change.kind === 'rollout') && shown.test(words)) {
    return 'alters presentation or only reports that something ended';
  }
  return undefined;
}

function onlyLogLevel(added: readonly string[], removed: readonly string[]): boolean {
  const lines = [...added, ...removed].filter((line) => line.trim() !== '');
  return (
    lines.length > 0 &&
    lines.every((line) => /log.?level|audit.?level|^\s*(for|severity|threshold|summary|description):/i.test(line))
  );
}

function linesOf(change: Change): { added: string[]; removed: string[]; files: string[] } {
  const added: string[] = [];
  const removed: string[] = [];
  const files = new Set(change.files ?? []);
  let idle = false;
  for (const line of (change.diff ?? '').slice(0, 200_000).split('\n')) {
    const file = /^\+\+\+ (?:b\/)?(\S+)/.exec(line)?.[1];
    if (file !== undefined && file !== '/dev/null') {
      files.add(file);
      idle = isIdleFile(file);
    } else if (idle || line.startsWith('---')) continue;
    else if (line.startsWith('+')) added.push(line.slice(1));
    else if (line.startsWith('-')) removed.push(line.slice(1));
  }
  return { added, removed, files: [...files] };
}
