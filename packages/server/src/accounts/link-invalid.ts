import { ParlourError } from '@parlour/protocol/errors';

/** Used, replaced by a later one, expired or never made: whoever holds such a link learns no more. */
export function linkInvalid(): ParlourError {
  return new ParlourError('link_invalid', 'This link does not work any more. Ask for a new one.');
}
