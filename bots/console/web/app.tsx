import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { EvidenceDrawer } from './parts/evidence-drawer.tsx';
import { Shell } from './parts/shell.tsx';
import { Failed } from './parts/states.tsx';
import { AboutScreen } from './screens/about-screen.tsx';
import { AskScreen } from './screens/ask-screen.tsx';
import { BoardScreen } from './screens/board-screen.tsx';
import { InvestigationScreen } from './screens/investigation-screen.tsx';
import { InvestigationsScreen } from './screens/investigations-screen.tsx';
import { LogIn } from './screens/log-in.tsx';
import { ModelScreen } from './screens/model-screen.tsx';
import { ModelsScreen } from './screens/models-screen.tsx';
import { SignalsScreen } from './screens/signals-screen.tsx';
import { ServicesScreen } from './screens/services-screen.tsx';
import { getJson, messageOf, signedOut } from './state/api.ts';
import { followKeys } from './state/keys.ts';
import { route } from './state/route.ts';
import { wordsOf } from './state/words.ts';

/** The whole page: the log-in where one is needed, else the shell with the screen that the address names. */
export function App() {
  const ready = useSignal(false);
  const problem = useSignal('');
  useEffect(() => {
    getJson<{ open: boolean }>('/api/session')
      .then((session) => {
        signedOut.value = !session.open;
        ready.value = true;
      })
      .catch((thrown: unknown) => {
        problem.value = messageOf(thrown);
      });
  }, []);
  useEffect(() => followKeys(), []);
  if (problem.value !== '') return <Failed message={problem.value} retry={() => location.reload()} />;
  if (!ready.value) return <div class="boot" aria-busy="true" />;
  if (signedOut.value) return <LogIn />;
  return (
    <>
      <Shell>
        <Screen />
      </Shell>
      <EvidenceDrawer />
    </>
  );
}

function Screen() {
  const { screen, id } = route.value;
  useEffect(() => {
    document.title = screen === 'ask' ? 'Cerebro' : `${wordsOf(screen)} | Cerebro`;
    // Selecting an entity stays on the picture; every other change of place starts at its top.
    if (screen !== 'services' && screen !== 'signals') document.getElementById('main')?.scrollTo(0, 0);
  }, [screen, id]);
  if (screen === 'investigations' && id !== undefined) return <InvestigationScreen key={id} id={id} />;
  if (screen === 'investigations') return <InvestigationsScreen />;
  if (screen === 'board' && id !== undefined) return <BoardScreen key={id} run={id} />;
  if (screen === 'services') return <ServicesScreen selected={id} />;
  if (screen === 'signals') return <SignalsScreen id={id} />;
  if (screen === 'models' && id !== undefined) return <ModelScreen key={id} id={id} />;
  if (screen === 'models') return <ModelsScreen />;
  if (screen === 'about') return <AboutScreen />;
  return <AskScreen />;
}
