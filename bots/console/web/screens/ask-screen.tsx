import { useEffect, useRef } from 'preact/hooks';
import type { LivePicture } from '../../server/console-deps.ts';
import { AnswerView } from '../parts/answer-view.tsx';
import { Composer } from '../parts/composer.tsx';
import { HealthMark } from '../parts/health-mark.tsx';
import { Failed } from '../parts/states.tsx';
import { StepList } from '../parts/step-list.tsx';
import { ask, turns } from '../state/conversation.ts';
import type { Turn } from '../state/conversation.ts';
import { hrefOf } from '../state/route.ts';
import { useLoad } from '../state/use-load.ts';
import { nameOf } from '../state/words.ts';

/** The conversation: questions, the steps as they happen, the answers, and the field to ask in. */
export function AskScreen() {
  const list = turns.value;
  const count = list.length;
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (count > 0) end.current?.scrollIntoView({ block: 'start' });
  }, [count]);
  return (
    <div class="ask">
      <h1 class="hidden">Ask</h1>
      {count === 0 ? (
        <Welcome />
      ) : (
        <div class="turns">
          {list.map((turn, index) => (
            <TurnView key={turn.key} turn={turn} place={index === count - 1 ? end : undefined} />
          ))}
        </div>
      )}
      <div class="ask-foot">
        <Composer />
      </div>
      <Announcer />
    </div>
  );
}

function TurnView({ turn, place }: { turn: Turn; place: { current: HTMLDivElement | null } | undefined }) {
  const { progress } = turn;
  return (
    <div class="turn" ref={place ?? null}>
      <h2 class="asked">{turn.text}</h2>
      <StepList progress={progress} />
      {progress.answer !== undefined && <AnswerView answer={progress.answer} />}
      {progress.error !== undefined && <Failed message={progress.error} retry={() => void ask(turn.text)} />}
    </div>
  );
}

function Announcer() {
  const last = turns.value.at(-1)?.progress;
  const text = last?.answer?.headline.map((sentence) => sentence.text).join(' ') ?? '';
  return (
    <p class="hidden" role="status">
      {last?.status === 'running' && last.answer === undefined ? 'Looking into it' : text}
    </p>
  );
}

function Welcome() {
  const { value } = useLoad<LivePicture>('/api/topology', 10_000);
  const entities = value?.topology.entities ?? [];
  const stateOf = (id: string) => value?.health[id]?.state ?? 'unknown';
  const unwell = entities
    .filter((one) => stateOf(one.id) === 'bad' || stateOf(one.id) === 'warn')
    .sort((left, right) => compare(stateOf(left.id), stateOf(right.id)));
  const first = unwell[0] ?? entities.find((one) => one.kind === 'service');
  const name = first === undefined ? undefined : nameOf(first.id);
  const questions = [
    'What is wrong right now?',
    ...(name === undefined
      ? []
      : [unwell.length === 0 ? `Is ${name} healthy?` : `What is wrong with ${name}?`, `What depends on ${name}?`]),
    'What changed in the last hour?',
  ];
  return (
    <div class="welcome">
      <p class="welcome-title">What is going on?</p>
      <p class="welcome-line">
        {value === undefined || entities.length === 0
          ? 'Ask in plain words. Every claim comes with the evidence it rests on.'
          : unwell.length === 0
            ? `All ${entities.length} services and stores look well.`
            : `${unwell.length} of ${entities.length} services and stores ${unwell.length === 1 ? 'does' : 'do'} not look well.`}
      </p>
      <ul class="unwell">
        {unwell.slice(0, 5).map((one) => (
          <li key={one.id}>
            <a href={hrefOf('services', one.id)}>
              <HealthMark state={stateOf(one.id)} />
              <b>{nameOf(one.id)}</b>
              <span class="muted clip">{value?.health[one.id]?.why}</span>
            </a>
          </li>
        ))}
      </ul>
      <ul class="suggestions" aria-label="Questions to start with">
        {questions.map((question) => (
          <li key={question}>
            <button type="button" class="chip" onClick={() => void ask(question)}>
              {question}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function compare(left: string, right: string): number {
  return left === right ? 0 : left === 'bad' ? -1 : 1;
}
