import { ParlourError } from '@parlour/protocol/errors';

/** A room that does not exist and a private one that the caller is not in are refused with the same words. */
export function noSuchRoom(): ParlourError {
  return new ParlourError('room_not_found', 'There is no such room, or it is not open to you.');
}

export function notAMember(): ParlourError {
  return new ParlourError('not_a_member', 'Join the room first: only its members read and write there.');
}

export function removedFromRoom(): ParlourError {
  return new ParlourError('removed_from_room', 'You were taken out of this room. Its owner can add you again.');
}

export function noSuchPerson(): ParlourError {
  return new ParlourError('person_not_found', 'There is no such person here.');
}
