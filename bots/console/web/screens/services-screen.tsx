import type { LivePicture } from '../../server/console-deps.ts';
import { HealthMark, healthWords } from '../parts/health-mark.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { TopologyPicture } from '../parts/topology-picture.tsx';
import { ask } from '../state/conversation.ts';
import { hrefOf } from '../state/route.ts';
import { signalsIdOf } from '../state/signals-route.ts';
import { useLoad } from '../state/use-load.ts';
import { kindOf, nameOf } from '../state/words.ts';

const rank = { bad: 0, warn: 1, unknown: 2, ok: 3 } as const;

/** The live topology: a picture, the selected entity beside it, and the same as a list. */
export function ServicesScreen({ selected }: { selected: string | undefined }) {
  const { value, problem, reload } = useLoad<LivePicture>('/api/topology', 5_000);
  if (value === undefined) {
    return (
      <div class="page">
        <h1 class="page-title">Services</h1>
        {problem === undefined ? <Loading rows={8} /> : <Failed message={problem} retry={reload} />}
      </div>
    );
  }
  const { topology, health } = value;
  const known = topology.entities.some((entity) => entity.id === selected) ? selected : undefined;
  const stateOf = (id: string) => health[id]?.state ?? 'unknown';
  const sorted = topology.entities.toSorted(
    (left, right) => rank[stateOf(left.id)] - rank[stateOf(right.id)] || (left.id < right.id ? -1 : 1),
  );
  return (
    <div class="page page-wide">
      <h1 class="page-title">Services</h1>
      <p class="page-line">
        {(['bad', 'warn', 'ok', 'unknown'] as const).map((state) => (
          <span key={state} class="tally">
            <HealthMark state={state} /> {topology.entities.filter((entity) => stateOf(entity.id) === state).length}{' '}
            {healthWords[state]}
          </span>
        ))}
        {problem !== undefined && <span class="problem">Not fresh: {problem}</span>}
      </p>
      {topology.entities.length === 0 ? (
        <Empty title="Nothing was seen yet">
          The picture grows from traces and metrics; it needs a minute of traffic.
        </Empty>
      ) : (
        <>
          <TopologyPicture topology={topology} health={health} selected={known} />
          {known !== undefined && <Selected id={known} picture={value} />}
          <ul class="entity-list" aria-label="All entities, the unwell first">
            {sorted.map((entity) => (
              <li key={entity.id}>
                <a href={hrefOf('services', entity.id)} aria-current={entity.id === known ? 'true' : undefined}>
                  <HealthMark state={stateOf(entity.id)} />
                  <b>{entity.name}</b>
                  <span class="muted">{entity.kind}</span>
                  <span class="muted clip">{health[entity.id]?.why}</span>
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Selected({ id, picture }: { id: string; picture: LivePicture }) {
  const { topology, health } = picture;
  const uses = [...new Set(topology.edges.filter((edge) => edge.from === id).map((edge) => edge.to))];
  const usedBy = [...new Set(topology.edges.filter((edge) => edge.to === id).map((edge) => edge.from))];
  const state = health[id]?.state ?? 'unknown';
  const question = state === 'ok' ? `Is ${nameOf(id)} healthy?` : `What is wrong with ${nameOf(id)}?`;
  return (
    <section class="selected" aria-label={`About ${nameOf(id)}`}>
      <div class="selected-head">
        <HealthMark state={state} />
        <h2>{nameOf(id)}</h2>
        <span class="muted">{kindOf(id)}</span>
      </div>
      <p>{health[id]?.why ?? (state === 'ok' ? 'Nothing departs from normal.' : 'No signal tells how it does.')}</p>
      <dl class="facts">
        <dt>Depends on</dt>
        <dd>
          <Names ids={uses} />
        </dd>
        <dt>Used by</dt>
        <dd>
          <Names ids={usedBy} />
        </dd>
      </dl>
      <p class="selected-actions">
        <a class="button" href={hrefOf('ask')} onClick={() => void ask(question)}>
          {question}
        </a>
        <a class="button button-quiet" href={hrefOf('signals', signalsIdOf({ entity: id, minutes: 15 }))}>
          Signals
        </a>
        <a class="button button-quiet" href={hrefOf('services')}>
          Clear
        </a>
      </p>
    </section>
  );
}

function Names({ ids }: { ids: readonly string[] }) {
  if (ids.length === 0) return <>nothing that was seen</>;
  return (
    <>
      {ids.map((id, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <a href={hrefOf('services', id)}>{nameOf(id)}</a>
        </span>
      ))}
    </>
  );
}
