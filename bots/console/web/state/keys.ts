import { route, hrefOf } from './route.ts';

/** `/` anywhere goes to the question. Returns how to stop listening. */
export function followKeys(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]') !== null) return;
    event.preventDefault();
    if (route.value.screen === 'ask') {
      focusQuestion();
      return;
    }
    location.hash = hrefOf('ask');
    // The address changes in a task of its own, and the screen is drawn after it.
    addEventListener('hashchange', () => requestAnimationFrame(focusQuestion), { once: true });
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

function focusQuestion(): void {
  document.getElementById('question')?.focus();
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}
