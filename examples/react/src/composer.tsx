import type { UsedParlour } from '@parlour/client/react';
import { type FormEvent, type KeyboardEvent, useState } from 'react';

type ComposerProps = { name: string; send: UsedParlour['send']; typing: () => void };

/** Enter sends, Shift+Enter makes a new line. What cannot be sent stays in the field. */
export function Composer({ name, send, typing }: ComposerProps) {
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();

  const submit = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    try {
      send(text);
      setText('');
      setError(undefined);
    } catch (refusal) {
      setError(refusal instanceof Error ? refusal.message : 'This cannot be sent.');
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) submit(event);
  };

  return (
    <form className="composer" onSubmit={submit}>
      <textarea
        aria-label={`Write to ${name}`}
        placeholder={`Write to ${name}`}
        rows={2}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          typing();
        }}
        onKeyDown={onKeyDown}
      />
      {error && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      <button type="submit" className="primary" disabled={text.trim() === ''}>
        Send
      </button>
    </form>
  );
}
