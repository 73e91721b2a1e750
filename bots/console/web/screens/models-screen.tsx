import type { ModelSummary } from '../../server/console-deps.ts';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { hrefOf } from '../state/route.ts';
import { useLoad } from '../state/use-load.ts';
import { dayTimeOf } from '../state/words.ts';

/** All trained models, by name and then newest first. */
export function ModelsScreen() {
  const { value, problem, reload } = useLoad<{ models: ModelSummary[] }>('/api/models', 15_000);
  const list = value?.models;
  return (
    <div class="page">
      <h1 class="page-title">Models</h1>
      <p class="page-line">What was trained here, and how well each did on rows that it had not seen.</p>
      {list === undefined &&
        (problem === undefined ? <Loading rows={4} /> : <Failed message={problem} retry={reload} />)}
      {list?.length === 0 && (
        <Empty title="Nothing is trained yet">
          Run <code>cerebro train</code> with a CSV of times and values.
        </Empty>
      )}
      {list !== undefined && list.length > 0 && (
        <ul class="rows">
          {list.map((one) => (
            <li key={`${one.name}/${one.version}`}>
              <a class="row" href={hrefOf('models', `${one.name}:${one.version}`)}>
                <span class="row-top">
                  <b class="clip">
                    {one.name} {one.version}
                  </b>
                  {one.stage !== 'none' && <span class="muted">{one.stage}</span>}
                </span>
                <span class="row-headline">
                  {one.method}
                  {one.metrics['aucPr'] !== undefined && `, AUC-PR ${one.metrics['aucPr'].toFixed(3)}`}
                </span>
                <span class="muted">
                  {dayTimeOf(one.createdAt)}, {one.role}
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
