import type { EvidenceKind } from '../../../../domain/evidence.ts';
import type { Change, LogRecord, Series } from '../../../../domain/signal.ts';
import type { Finding } from '../../../../domain/finding.ts';
import { nameOf, numberOf, timeOf } from '../state/words.ts';

/** The raw result behind evidence, each item by what it is: a log line, a change with its diff, a series, a finding, a passage with its place; else as JSON. Always text, never markup. */
export function EvidenceItems({ kind, items }: { kind: EvidenceKind; items: readonly unknown[] }) {
  return (
    <ul class={`items items-${kind}`}>
      {items.map((item, index) => (
        <li key={index}>
          <Item item={item} />
        </li>
      ))}
    </ul>
  );
}

function Item({ item }: { item: unknown }) {
  if (isLog(item)) return <LogLine log={item} />;
  if (isSeries(item)) return <SeriesLine series={item} />;
  if (isFinding(item)) return <FindingLine finding={item} />;
  if (isChange(item)) return <ChangeItem change={item} />;
  if (isPassage(item)) return <PassageItem passage={item} />;
  return <pre tabIndex={0}>{typeof item === 'string' ? item : JSON.stringify(item, null, 2)}</pre>;
}

function LogLine({ log }: { log: LogRecord }) {
  return (
    <p class={`log log-${log.level}`}>
      <time dateTime={log.at}>{timeOf(log.at)}</time> <b>{log.level}</b> <span class="muted">{nameOf(log.entity)}</span>{' '}
      {log.message}
    </p>
  );
}

function ChangeItem({ change }: { change: Change }) {
  return (
    <div class="change">
      <p>
        <time dateTime={change.at}>{timeOf(change.at)}</time> <b>{change.title}</b>
      </p>
      <p class="muted">
        {[change.id, change.kind, change.entity === undefined ? undefined : nameOf(change.entity), change.author]
          .filter((part) => part !== undefined)
          .join(', ')}
      </p>
      {change.summary !== undefined && <p>{change.summary}</p>}
      {change.diff !== undefined && (
        <pre class="diff" tabIndex={0}>
          {change.diff.split('\n').map((line, index) => (
            <span key={index} class={diffClass(line)}>
              {`${line}\n`}
            </span>
          ))}
        </pre>
      )}
    </div>
  );
}

function SeriesLine({ series }: { series: Series }) {
  const values = series.samples.map((sample) => sample[1]);
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const range =
    values.length === 0
      ? 'no samples'
      : `${numberOf(low)} to ${numberOf(high)} ${series.unit ?? ''}, ${values.length} samples`;
  return (
    <p class="series-line">
      <code>{series.metric}</code> {nameOf(series.entity)} <span class="muted">{range}</span>
    </p>
  );
}

function FindingLine({ finding }: { finding: Finding }) {
  return (
    <div>
      <p>
        {finding.onset !== undefined && <time dateTime={finding.onset}>{timeOf(finding.onset)}</time>}{' '}
        {finding.statement}
      </p>
      {finding.excerpt !== undefined && <pre tabIndex={0}>{finding.excerpt}</pre>}
    </div>
  );
}

/** A passage of what the team has written down. */
interface Passage {
  kind: string;
  title: string;
  text: string;
  source: string;
  why?: string[];
  incident?: { ruledOut: string[]; whatHelped: string[] };
}

function PassageItem({ passage }: { passage: Passage }) {
  const { kind, title, text, source, why = [], incident } = passage;
  return (
    <article class="passage">
      <p>
        <b>{title}</b> <span class="muted">{kind}</span>
      </p>
      <p class="muted">
        <code>{source}</code>
      </p>
      <pre tabIndex={0}>{text}</pre>
      {(incident?.whatHelped.length ?? 0) > 0 && <p>What helped: {incident?.whatHelped.join('; ')}</p>}
      {(incident?.ruledOut.length ?? 0) > 0 && <p>Ruled out then: {incident?.ruledOut.join('; ')}</p>}
      {why.length > 0 && <p class="muted">Why it is here: {why.join('; ')}</p>}
    </article>
  );
}

function diffClass(line: string): string {
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : '';
}

function has(item: unknown, ...names: string[]): boolean {
  return item !== null && typeof item === 'object' && names.every((name) => name in item);
}

function isLog(item: unknown): item is LogRecord {
  return has(item, 'at', 'level', 'message', 'entity');
}

function isSeries(item: unknown): item is Series {
  return has(item, 'metric', 'samples', 'entity');
}

function isFinding(item: unknown): item is Finding {
  return has(item, 'statement', 'signal', 'severity');
}

function isChange(item: unknown): item is Change {
  return has(item, 'id', 'at', 'kind', 'title');
}

function isPassage(item: unknown): item is Passage {
  return has(item, 'kind', 'title', 'text', 'source');
}
