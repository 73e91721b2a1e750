import { signal } from '@preact/signals';

export type Theme = 'light' | 'dark';

const key = 'cerebro-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

/** The colours in use; what the person chose, else what the system prefers. */
export const theme = signal<Theme>(chosen() ?? preferred());

/** Puts the theme on the page and follows the system until the person chooses. */
export function followTheme(): void {
  system.addEventListener('change', () => {
    if (chosen() === undefined) theme.value = preferred();
  });
  theme.subscribe((value) => {
    document.documentElement.dataset['theme'] = value;
  });
}

/** Changes to the other theme and remembers it on this device. */
export function toggleTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  localStorage.setItem(key, theme.value);
}

function chosen(): Theme | undefined {
  const value = localStorage.getItem(key);
  return value === 'light' || value === 'dark' ? value : undefined;
}

function preferred(): Theme {
  return system.matches ? 'dark' : 'light';
}
