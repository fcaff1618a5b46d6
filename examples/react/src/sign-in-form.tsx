import type { Client } from '@parlour/client';
import { type FormEvent, useState } from 'react';

/** The cookie that signing in sets is all that the client needs: `connect()` then finds its way. */
export function SignInForm({ client, reason }: { client: Client; reason: string | undefined }) {
  const [error, setError] = useState<string>();

  async function signIn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const { email, password } = Object.fromEntries(new FormData(event.currentTarget));
    try {
      await client.api.request('POST', '/api/auth/sign-in/email', { email, password });
      client.connect();
    } catch (refusal) {
      setError(refusal instanceof Error ? refusal.message : 'Signing in failed.');
    }
  }

  return (
    <main className="gate">
      <form onSubmit={(event) => void signIn(event)}>
        <h1>Sign in</h1>
        <p className="muted">{reason}</p>
        <label>
          Email
          <input name="email" type="email" autoComplete="username" required />
        </label>
        <label>
          Password
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        {error && (
          <p className="error" role="alert">
            {error}
          </p>
        )}
        <button type="submit" className="primary">
          Sign in
        </button>
      </form>
    </main>
  );
}
