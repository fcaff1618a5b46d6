import { ParlourError } from '@parlour/protocol/errors';

const answerBytes = 1024 * 1024;
/** Seconds that a provider may take for one answer. */
export const providerPatience = 5;

/**
 * Asks a provider. What it answers is held up to a set number of bytes (I9), redirects are not followed, and a provider
 * that is down is told apart from one that refuses. Throws `provider_unavailable`.
 */
export async function fetchFromProvider(url: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    const bytes = await readBytes(response);
    if (response.status >= 500) throw new Error(`${new URL(url).origin} answered ${response.status}`);
    // No answer with these may have a body, not even an empty one.
    const isBare = [101, 204, 205, 304].includes(response.status);
    return new Response(isBare ? null : bytes, { status: response.status, headers: response.headers });
  } catch (cause) {
    throw providerUnavailable(cause);
  }
}

export function providerUnavailable(cause: unknown): ParlourError {
  const sentence = 'Your sign-in provider cannot be reached just now. Try again in a moment.';
  return new ParlourError('provider_unavailable', sentence, { cause });
}

async function readBytes(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > answerBytes) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return Uint8Array.from(Buffer.concat(chunks));
}
