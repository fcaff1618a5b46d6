import { ParlourError } from '@parlour/protocol/errors';
import { limits } from '@parlour/protocol/limits';
import { findBodyFault } from '@parlour/protocol/text';

const utf8 = new TextEncoder();

/** Throws what the server would answer, so that the text never leaves the field that it was written in. */
export function checkMessage(body: string, data: unknown): void {
  const fault = findBodyFault(body);
  if (fault) throw new ParlourError('invalid_body', fault, { field: 'body' });
  if (data === undefined) return;
  const json = JSON.stringify(data) as string | undefined;
  if (json !== undefined && utf8.encode(json).length <= limits.dataBytes) return;
  throw new ParlourError('invalid_field', '`data` must be JSON of at most 4 KiB.', { field: 'data' });
}
