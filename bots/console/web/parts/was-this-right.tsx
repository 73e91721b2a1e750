import { useState } from 'preact/hooks';
import type { Answer } from '../../../../domain/answer.ts';
import { messageOf, postJson } from '../state/api.ts';
import { nameOf } from '../state/words.ts';

type Stage = 'ask' | 'tell' | 'sending' | 'kept';

/** "Was this right?" under an answer. A no asks what it was instead; both are kept for memory and calibration. */
export function WasThisRight({ answer }: { answer: Answer }) {
  const [stage, setStage] = useState<Stage>('ask');
  const [problem, setProblem] = useState('');
  const send = (feedback: { right: boolean; entity?: string; note?: string }): void => {
    setStage('sending');
    setProblem('');
    postJson('/api/feedback', { run: answer.run, ...feedback })
      .then(() => setStage('kept'))
      .catch((thrown: unknown) => {
        setProblem(messageOf(thrown));
        setStage('ask');
      });
  };
  const yes = (): void => {
    const [cause] = answer.diagnosis?.hypotheses ?? [];
    send(cause === undefined ? { right: true } : { right: true, entity: cause.entity });
  };
  if (stage === 'kept') {
    return (
      <p class="right-line" role="status">
        Thank you, this was kept.
      </p>
    );
  }
  return (
    <div class="right">
      <div class="right-line">
        <span>Was this right?</span>
        <button type="button" class="button button-small" disabled={stage === 'sending'} onClick={yes}>
          Yes
        </button>
        <button
          type="button"
          class="button button-small"
          disabled={stage === 'sending'}
          aria-expanded={stage === 'tell'}
          onClick={() => setStage('tell')}
        >
          No
        </button>
        {problem !== '' && (
          <span class="problem" role="alert">
            {problem}
          </span>
        )}
      </div>
      {stage === 'tell' && <Correction answer={answer} send={(fields) => send({ right: false, ...fields })} />}
    </div>
  );
}

function Correction({ answer, send }: { answer: Answer; send: (fields: { entity?: string; note?: string }) => void }) {
  const known = [...new Set(answer.evidence.flatMap((evidence) => evidence.entities))].sort();
  const onSubmit = (event: Event & { currentTarget: HTMLFormElement }): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const entity = form.get('entity');
    const note = form.get('note');
    send({
      ...(typeof entity === 'string' && entity !== '' ? { entity } : {}),
      ...(typeof note === 'string' && note.trim() !== '' ? { note: note.trim() } : {}),
    });
  };
  return (
    <form class="correction" onSubmit={onSubmit}>
      <label>
        What was it?
        <select name="entity" autoFocus>
          <option value="">I do not know</option>
          {known.map((id) => (
            <option key={id} value={id}>
              {nameOf(id)}
            </option>
          ))}
        </select>
      </label>
      <label>
        In a few words
        <input name="note" type="text" maxLength={2000} placeholder="what really happened" />
      </label>
      <button type="submit" class="button">
        Send
      </button>
    </form>
  );
}
