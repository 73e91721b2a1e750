import type { Answer } from '../../../../domain/answer.ts';
import { Board } from '../parts/board.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { turns } from '../state/conversation.ts';
import { hrefOf } from '../state/route.ts';
import { useLoad } from '../state/use-load.ts';

/** The board of one run: of this conversation at once, of an earlier one from the server. */
export function BoardScreen({ run }: { run: string }) {
  const here = turns.value.find((turn) => turn.progress.run === run);
  const own = here?.progress.answer;
  const { value, problem, reload } = useLoad<{ answer: Answer }>(
    own === undefined ? `/api/answers/${encodeURIComponent(run)}` : undefined,
  );
  const answer = own ?? value?.answer;
  return (
    <div class="page">
      <p class="crumbs">
        {here === undefined ? (
          <a href={hrefOf('investigations')}>Investigations</a>
        ) : (
          <a href={hrefOf('ask')}>Back to the conversation</a>
        )}
      </p>
      <h1 class="page-title">{here?.text ?? 'Investigation board'}</h1>
      {answer !== undefined && <Board answer={answer} />}
      {answer === undefined &&
        (problem === undefined ? <Loading rows={8} /> : <Failed message={problem} retry={reload} />)}
    </div>
  );
}
