import { signal } from '@preact/signals';

const screens = ['ask', 'investigations', 'services', 'signals', 'models', 'about', 'board'] as const;
export type ScreenName = (typeof screens)[number];

/** The screen that the address shows, and the id it shows there. */
export interface Route {
  screen: ScreenName;
  id?: string;
}

/** Reads `#/screen/id`; anything else is the ask screen. */
function routeOf(hash: string): Route {
  const [name, id] = hash.replace(/^#\/?/, '').split('/');
  const screen = screens.find((one) => one === name) ?? 'ask';
  return id === undefined || id === '' ? { screen } : { screen, id: decode(id) };
}

/** The address of a screen. */
export function hrefOf(screen: ScreenName, id?: string): string {
  return id === undefined ? `#/${screen}` : `#/${screen}/${encodeURIComponent(id)}`;
}

/** Where we are; follows the address bar, the back button included. */
export const route = signal<Route>(routeOf(location.hash));
addEventListener('hashchange', () => {
  route.value = routeOf(location.hash);
});

function decode(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
