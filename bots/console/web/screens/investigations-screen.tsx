import type { InvestigationSummary } from '../../server/investigation-summary.ts';
import { GradeBadge } from '../parts/grade-badge.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { hrefOf } from '../state/route.ts';
import { useLoad } from '../state/use-load.ts';
import { dayTimeOf, spanOf } from '../state/words.ts';

/** All investigations, newest first, refreshed while one looks. */
export function InvestigationsScreen() {
  const { value, problem, reload } = useLoad<{ investigations: InvestigationSummary[] }>(
    '/api/investigations?limit=200',
    5_000,
  );
  const list = value?.investigations;
  return (
    <div class="page">
      <h1 class="page-title">Investigations</h1>
      <p class="page-line">Each alert and each conversation leaves a record that can be opened again.</p>
      {list === undefined &&
        (problem === undefined ? <Loading rows={6} /> : <Failed message={problem} retry={reload} />)}
      {list?.length === 0 && (
        <Empty title="Nothing was looked into yet">
          <a href={hrefOf('ask')}>Ask a question</a>, or point an alert at this address.
        </Empty>
      )}
      {list !== undefined && list.length > 0 && (
        <ul class="rows">
          {list.map((one) => (
            <li key={one.id}>
              <Row one={one} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Row({ one }: { one: InvestigationSummary }) {
  const lasted = Date.parse(one.updatedAt) - Date.parse(one.openedAt);
  return (
    <a class="row" href={hrefOf('investigations', one.id)}>
      <span class="row-top">
        <span class={`status status-${one.status}`}>{one.status}</span>
        <b class="clip">{one.title}</b>
        {one.grade !== undefined && <GradeBadge grade={one.grade} />}
      </span>
      {one.headline !== undefined && <span class="row-headline">{one.headline}</span>}
      <span class="muted">
        {dayTimeOf(one.openedAt)}, {one.openedBy}
        {one.alerts > 0 && `, ${one.alerts} ${one.alerts === 1 ? 'alert' : 'alerts'}`}
        {lasted > 60_000 && `, over ${spanOf(lasted)}`}
        {one.right !== undefined && (one.right ? ', was right' : ', was wrong')}
      </span>
    </a>
  );
}
