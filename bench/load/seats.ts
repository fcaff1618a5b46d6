/** How many sockets are in how many rooms. Each person has as many sockets as it takes, as with several tabs. */
export type CrowdSize = { sockets: number; people: number; rooms: number; roomsEach: number };

/** The numbers of the rooms that a member is in: evenly spread. */
export function roomsOf(member: number, { rooms, roomsEach, people }: CrowdSize): number[] {
  const person = member % people;
  return Array.from({ length: roomsEach }, (_, i) => (person * roomsEach + i) % rooms);
}
