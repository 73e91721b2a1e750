/** A queue between whoever makes events and one reader who iterates them. Nothing is lost; a reader who leaves does not stop the maker. */
export interface EventQueue<Event> {
  push(event: Event): void;
  /** No more events; an error makes the reader's iteration throw after the last event. */
  end(error?: unknown): void;
  events: AsyncIterable<Event>;
}

/** Makes an empty queue. */
export function createEventQueue<Event>(): EventQueue<Event> {
  const waiting: Event[] = [];
  let ended = false;
  let failure: { error: unknown } | undefined;
  let left = false;
  let wake: () => void = () => undefined;
  return {
    push: (event) => {
      if (ended || left) return;
      waiting.push(event);
      wake();
    },
    end: (error) => {
      if (ended) return;
      ended = true;
      if (error !== undefined) failure = { error };
      wake();
    },
    events: {
      async *[Symbol.asyncIterator]() {
        try {
          for (;;) {
            while (waiting.length > 0) yield waiting.shift()!;
            if (ended) break;
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        } finally {
          left = true;
          waiting.length = 0;
        }
        if (failure !== undefined) throw failure.error;
      },
    },
  };
}
