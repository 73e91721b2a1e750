import type { Answer } from '../../../../domain/answer.ts';
import type { Investigation } from '../../../../domain/run.ts';
import { Board } from '../parts/board.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { hrefOf } from '../state/route.ts';
import { signalsIdOf } from '../state/signals-route.ts';
import { useLoad } from '../state/use-load.ts';
import { dayTimeOf } from '../state/words.ts';

/** One investigation: who opened it, its alerts, the board of its latest answer, and the answers before. */
export function InvestigationScreen({ id }: { id: string }) {
  const { value, problem, reload } = useLoad<{ investigation: Investigation; answers: Answer[] }>(
    `/api/investigations/${encodeURIComponent(id)}`,
    10_000,
  );
  if (value === undefined) {
    return (
      <div class="page">
        {problem === undefined ? <Loading rows={8} /> : <Failed message={problem} retry={reload} />}
      </div>
    );
  }
  const { investigation, answers } = value;
  const latest = answers.at(-1);
  const earlier = answers.slice(0, -1).toReversed();
  return (
    <div class="page">
      <p class="crumbs">
        <a href={hrefOf('investigations')}>Investigations</a>
      </p>
      <h1 class="page-title">{investigation.title}</h1>
      <p class="page-line">
        <span class={`status status-${investigation.status}`}>{investigation.status}</span>
        opened {dayTimeOf(investigation.openedAt)} by {investigation.openedBy}
      </p>
      {investigation.alerts.length > 0 && (
        <ul class="alerts" aria-label="Alerts">
          {investigation.alerts.map((alert) => (
            <li key={alert.fingerprint}>
              <b>{alert.name}</b> {alert.status} since {dayTimeOf(alert.startsAt)}
              <span class="muted">{alert.annotations['summary'] ?? ''}</span>
              {alert.labels['entity'] !== undefined && alert.labels['signal'] !== undefined && (
                <a
                  href={hrefOf(
                    'signals',
                    signalsIdOf({ entity: alert.labels['entity'], metric: alert.labels['signal'], minutes: 60 }),
                  )}
                >
                  scores
                </a>
              )}
            </li>
          ))}
        </ul>
      )}
      {latest === undefined ? (
        <Empty title="No answer yet">It is being looked into, or the run did not end well.</Empty>
      ) : (
        <Board key={latest.run} answer={latest} />
      )}
      {earlier.length > 0 && (
        <section class="panel">
          <h2 class="label">Earlier answers</h2>
          <ul class="earlier">
            {earlier.map((answer) => (
              <li key={answer.run}>
                <a href={hrefOf('board', answer.run)}>{answer.headline.map((sentence) => sentence.text).join(' ')}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
