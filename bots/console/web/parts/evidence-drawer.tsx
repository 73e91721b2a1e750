import { useEffect, useRef, useState } from 'preact/hooks';
import type { Evidence } from '../../../../domain/evidence.ts';
import { shownEvidence } from '../state/drawer.ts';
import { useLoad } from '../state/use-load.ts';
import { dayTimeOf, nameOf, readable, timeOf, wordsOf } from '../state/words.ts';
import { EvidenceCharts } from './evidence-chart.tsx';
import { EvidenceItems } from './evidence-items.tsx';
import { Icon } from './icons.tsx';
import { Failed, Loading } from './states.tsx';

const pageSize = 40;
const drawnKinds: ReadonlySet<string> = new Set(['metrics', 'findings', 'diagnosis', 'costs']);

interface EvidencePage {
  evidence: Evidence;
  items: unknown[];
  total: number;
}

/** The drawer that shows one piece of evidence: what was asked of whom, what came, and the raw result. A modal dialog: Escape closes it. */
export function EvidenceDrawer() {
  const dialog = useRef<HTMLDialogElement>(null);
  const shown = shownEvidence.value;
  useEffect(() => {
    if (shown !== undefined && dialog.current?.open === false) dialog.current.showModal();
  }, [shown]);
  const close = (): void => dialog.current?.close();
  return (
    <dialog
      ref={dialog}
      class="drawer"
      aria-labelledby="drawer-title"
      onClose={() => {
        shownEvidence.value = undefined;
      }}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div class="drawer-inner">
        <header class="drawer-head">
          <h2 id="drawer-title">Evidence</h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        {shown !== undefined && <Piece key={shown.id} id={shown.id} onset={shown.onset} />}
      </div>
    </dialog>
  );
}

function Piece({ id, onset }: { id: string; onset: string | undefined }) {
  const [limit, setLimit] = useState(pageSize);
  const { value, problem, reload } = useLoad<EvidencePage>(`/api/evidence/${encodeURIComponent(id)}?limit=${limit}`);
  // A larger page replaces the smaller one when it comes; until then the smaller one stays.
  const last = useRef<EvidencePage | undefined>(undefined);
  if (value !== undefined) last.current = value;
  const page = value ?? last.current;
  if (page === undefined)
    return problem === undefined ? <Loading rows={6} /> : <Failed message={problem} retry={reload} />;
  const { evidence, items, total } = page;
  return (
    <>
      <p class="drawer-digest">{readable(evidence.digest)}</p>
      <Facts evidence={evidence} />
      {evidence.tainted && (
        <p class="tainted">
          <Icon name="quote" />
          Holds text written by others. It is shown as it is and never followed.
        </p>
      )}
      {drawnKinds.has(evidence.kind) && <EvidenceCharts id={id} onset={onset} />}
      <h3 class="label">
        Raw result, {Math.min(items.length, total)} of {total}
      </h3>
      <EvidenceItems kind={evidence.kind} items={items} />
      {items.length < total && limit < 500 && (
        <button type="button" class="button" onClick={() => setLimit(Math.min(500, limit + 100))}>
          Show more
        </button>
      )}
    </>
  );
}

function Facts({ evidence }: { evidence: Evidence }) {
  const { window, entities, query } = evidence;
  return (
    <dl class="facts">
      <dt>Asked</dt>
      <dd>
        <code>{evidence.tool}</code> of {evidence.source}
      </dd>
      {window !== undefined && (
        <>
          <dt>Window</dt>
          <dd>
            {dayTimeOf(window.from)} to {timeOf(window.to)}
          </dd>
        </>
      )}
      <dt>About</dt>
      <dd>{entities.length === 0 ? 'nothing in particular' : entities.map(nameOf).join(', ')}</dd>
      <dt>Kind</dt>
      <dd>{wordsOf(evidence.kind)}</dd>
      <dt>Id</dt>
      <dd>
        <code>{evidence.id}</code>
      </dd>
      <dt>Query</dt>
      <dd>
        <details>
          <summary>as it was sent</summary>
          <pre tabIndex={0}>{JSON.stringify(query, null, 2)}</pre>
        </details>
      </dd>
    </dl>
  );
}
