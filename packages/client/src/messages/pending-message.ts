import type { ParlourError } from '@parlour/protocol/errors';

/** A message on its way; replaced, never changed. */
export type PendingMessage = {
  /** Its id for good: every attempt sends the same, so that it is stored once. */
  readonly id: string;
  readonly body: string;
  readonly data?: unknown;
  /** When it was written, by this machine's clock; ISO 8601 in UTC. */
  readonly at: string;
  /** `failed` will not go out without `retry(id)`. */
  readonly state: 'waiting' | 'sending' | 'failed';
  /** Why it failed; its `message` is a sentence for a person. */
  readonly error?: ParlourError;
};
