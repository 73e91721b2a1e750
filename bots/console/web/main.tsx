import { render } from 'preact';
import { App } from './app.tsx';
import { followTheme } from './state/theme.ts';

followTheme();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
