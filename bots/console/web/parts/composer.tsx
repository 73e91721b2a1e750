import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, isBusy, stop, turns } from '../state/conversation.ts';
import { Icon } from './icons.tsx';

/** Where questions are written: Enter asks, Shift+Enter breaks the line, the up arrow brings the last question back. */
export function Composer() {
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const busy = isBusy();
  useEffect(() => {
    const box = field.current;
    if (box === null) return;
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
  }, [text]);
  const send = (): void => {
    if (text.trim() === '' || busy) return;
    setText('');
    void ask(text);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && text === '') {
      setText(turns.value.at(-1)?.text ?? '');
    } else if (event.key === 'Escape') {
      field.current?.blur();
    }
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="hidden" for="question">
        Your question
      </label>
      <textarea
        id="question"
        ref={field}
        rows={1}
        maxLength={8000}
        placeholder={turns.value.length === 0 ? 'Why is checkout slow?' : 'Ask on: and payment?'}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <kbd aria-hidden="true">/</kbd>
      {busy ? (
        <button type="button" class="send" aria-label="Stop" onClick={() => void stop()}>
          <Icon name="stop" />
        </button>
      ) : (
        <button type="submit" class="send" aria-label="Ask" disabled={text.trim() === ''}>
          <Icon name="send" />
        </button>
      )}
    </form>
  );
}
