import { useState } from 'preact/hooks';
import { messageOf, postJson, signedOut } from '../state/api.ts';

/** Asks for the console's token; the server keeps the session in a cookie that scripts cannot read. */
export function LogIn() {
  const [problem, setProblem] = useState('');
  const onSubmit = (event: Event & { currentTarget: HTMLFormElement }): void => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get('token');
    postJson('/api/session', { token })
      .then(() => {
        signedOut.value = false;
      })
      .catch((thrown: unknown) => setProblem(messageOf(thrown)));
  };
  return (
    <main class="log-in">
      <form onSubmit={onSubmit}>
        <img src="./mark.svg" alt="" width="40" height="40" />
        <h1>Cerebro</h1>
        <label for="token">Token of this console</label>
        <input
          id="token"
          name="token"
          type="password"
          autoComplete="current-password"
          required
          autoFocus
          aria-describedby="log-in-problem"
        />
        <p id="log-in-problem" class="problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="button button-main">
          Log in
        </button>
      </form>
    </main>
  );
}
