import type { ComponentChildren } from 'preact';
import type { About } from '../../server/console-deps.ts';
import type { InvestigationSummary } from '../../server/investigation-summary.ts';
import { startAnew, turns } from '../state/conversation.ts';
import { hrefOf, route } from '../state/route.ts';
import type { ScreenName } from '../state/route.ts';
import { theme, toggleTheme } from '../state/theme.ts';
import { useLoad } from '../state/use-load.ts';
import { HealthMark } from './health-mark.tsx';
import { Icon } from './icons.tsx';

const places: {
  screen: ScreenName & ('ask' | 'investigations' | 'services' | 'signals' | 'models' | 'about');
  name: string;
}[] = [
  { screen: 'ask', name: 'Ask' },
  { screen: 'investigations', name: 'Investigations' },
  { screen: 'services', name: 'Services' },
  { screen: 'signals', name: 'Signals' },
  { screen: 'models', name: 'Models' },
  { screen: 'about', name: 'About' },
];

/** The frame of every screen: where one can go, what was looked into lately, and how the product itself does. */
export function Shell({ children }: { children: ComponentChildren }) {
  const here = route.value.screen === 'board' ? 'investigations' : route.value.screen;
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        Skip to the content
      </a>
      <header class="rail">
        <div class="brand">
          <img src="./mark.svg" alt="" width="24" height="24" />
          <span>Cerebro</span>
          <ThemeButton />
        </div>
        <nav class="places" aria-label="Screens">
          {places.map(({ screen, name }) => (
            <a key={screen} href={hrefOf(screen)} aria-current={here === screen ? 'page' : undefined}>
              <Icon name={screen} />
              {name}
            </a>
          ))}
        </nav>
        <div class="rail-more">
          {turns.value.length > 0 && (
            <a class="rail-action" href={hrefOf('ask')} onClick={startAnew}>
              <Icon name="plus" />
              New conversation
            </a>
          )}
          <Recent />
          <Standing />
        </div>
      </header>
      <main id="main" tabIndex={0}>
        {children}
      </main>
    </div>
  );
}

function ThemeButton() {
  const dark = theme.value === 'dark';
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={dark ? 'Use light colours' : 'Use dark colours'}
      onClick={toggleTheme}
    >
      <Icon name={dark ? 'sun' : 'moon'} />
    </button>
  );
}

function Recent() {
  const { value } = useLoad<{ investigations: InvestigationSummary[] }>('/api/investigations?limit=6', 15_000);
  if (value === undefined || value.investigations.length === 0) return null;
  return (
    <section class="recent" aria-labelledby="recent-title">
      <h2 id="recent-title" class="label">
        Recent
      </h2>
      <ul>
        {value.investigations.map((one) => (
          <li key={one.id}>
            <a href={hrefOf('investigations', one.id)} aria-current={route.value.id === one.id ? 'true' : undefined}>
              <span class={`dot dot-${one.status}`} role="img" aria-label={one.status} />
              <span class="clip">{one.title}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Standing() {
  const { value } = useLoad<About>('/api/about', 30_000);
  if (value === undefined) return <div class="standing" />;
  const seen = value.sources.filter((source) => source.state === 'ok').length;
  return (
    <div class="standing">
      {value.lab !== undefined && (
        <a class="rail-action" href={value.lab.page} target="_blank" rel="noreferrer">
          <Icon name="external" />
          Break something in the lab
        </a>
      )}
      <a class="standing-line" href={hrefOf('about')}>
        <HealthMark state={seen === 0 ? 'bad' : 'ok'} />
        {seen} of {value.sources.length} sources, {value.reasoner}
      </a>
    </div>
  );
}
