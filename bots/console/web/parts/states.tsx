import type { ComponentChildren } from 'preact';

/** Nothing to show, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="state">
      <p class="state-title">{title}</p>
      {children !== undefined && <p>{children}</p>}
    </div>
  );
}

/** Something went wrong: what, and a way to try again. */
export function Failed({ message, retry }: { message: string; retry?: () => void }) {
  return (
    <div class="state state-failed" role="alert">
      <p class="state-title">That did not work</p>
      <p>{message}</p>
      {retry !== undefined && (
        <button type="button" class="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Holds the place of what is on its way, so that nothing moves when it comes. */
export function Loading({ rows = 3 }: { rows?: number }) {
  return (
    <div class="loading" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} class="loading-row" />
      ))}
    </div>
  );
}
