/** Rooms of one size. */
export type RoomClass = {
  name: string;
  /** Members, whether connected or not. */
  members: number;
  /** Of all messages, and of all memberships, the share that is here (0 to 1). */
  messages: number;
  memberships: number;
  /** Of the members who are connected, the share that looks at the room when something is said in it. */
  looking: number;
};

/** How people use it, in their busiest hour; all of it reckoned, none measured. */
export type UseProfile = {
  /** Of all accounts, the share that is connected. */
  connected: number;
  devices: number;
  /** Rooms that one is a member of, and that one socket has joined at a time. */
  memberships: number;
  joined: number;
  /** An hour and connected person. */
  messages: number;
  typings: number;
  reads: number;
  roomChanges: number;
  reconnects: number;
  /** Busiest hours a day, were all its messages said in such; and days a year. */
  busyHours: number;
  busyDays: number;
  rooms: readonly RoomClass[];
};

/**
 * An organisation at work: most is said in small rooms, most is heard from large ones. What is hardest to know is who
 * looks at what, so the shares err on the side of more.
 */
export const workday: UseProfile = {
  connected: 0.5,
  devices: 1.3,
  memberships: 20,
  joined: 1.2,
  messages: 6,
  typings: 12,
  reads: 20,
  roomChanges: 20,
  reconnects: 2,
  busyHours: 6,
  busyDays: 250,
  rooms: [
    { name: 'between a few', members: 4, messages: 0.5, memberships: 0.4, looking: 0.5 },
    { name: 'a team', members: 25, messages: 0.35, memberships: 0.35, looking: 0.25 },
    { name: 'a department', members: 250, messages: 0.13, memberships: 0.2, looking: 0.06 },
    { name: 'everybody', members: 5_000, messages: 0.02, memberships: 0.05, looking: 0.02 },
  ],
};
