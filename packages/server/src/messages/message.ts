import { ParlourError } from '@parlour/protocol/errors';

export function idConflict(): ParlourError {
  return new ParlourError('id_conflict', 'This id was used for another message.');
}
