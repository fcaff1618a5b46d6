import { type PersonKey, personKeys } from './people.ts';

/** Days of talk before today. */
export const days = 18;
/** The day on which Mateusz finds the house by an invite. */
export const arrivalDay = 5;

export type DemoRoom = {
  name: string;
  /** The file of its scenes; a room without is still empty. */
  scenes: string | undefined;
  /** Who made it; the house itself made the starter rooms. */
  maker?: PersonKey;
  private?: boolean;
  /** Who is in it, and since which day. */
  members: Partial<Record<PersonKey, number>>;
  /** Who left it, on which day. */
  left?: Partial<Record<PersonKey, number>>;
  /** Conversations a day, on the average. */
  scenesADay: number;
  /** The day on which it begins. */
  since?: number;
  /** Minutes between its last message and now. */
  silentFor: number;
};

const since = (day: number, ...keys: PersonKey[]) => Object.fromEntries(keys.map((key) => [key, day]));

export const rooms: readonly DemoRoom[] = [
  {
    name: 'General',
    scenes: 'general',
    members: { ...since(0, ...personKeys), mateusz: arrivalDay },
    scenesADay: 7.5,
    silentFor: 4,
  },
  {
    name: 'Sports',
    scenes: 'sports',
    members: { ...since(0, 'linus', 'emmy', 'tomas', 'soren', 'mary', 'wren'), yuki: 3 },
    left: { mary: 7 },
    scenesADay: 3.5,
    silentFor: 290,
  },
  {
    name: 'Music',
    scenes: 'music',
    members: { ...since(0, 'ada', 'soren', 'priya', 'yuki', 'tomas', 'emmy'), wren: 2 },
    scenesADay: 3.5,
    silentFor: 170,
  },
  {
    name: 'Repair café',
    scenes: 'repair-cafe',
    maker: 'grace',
    members: {
      ...since(0, 'grace', 'ada', 'linus', 'emmy', 'amara', 'wren', 'tomas', 'mary'),
      yuki: 1,
      mateusz: arrivalDay,
    },
    scenesADay: 6.5,
    silentFor: 36,
  },
  {
    name: 'Website',
    scenes: 'website',
    maker: 'linus',
    members: { ...since(0, 'linus', 'yuki', 'priya', 'grace', 'ada'), emmy: 4 },
    scenesADay: 5.5,
    silentFor: 13,
  },
  {
    name: 'Kitchen table',
    scenes: 'kitchen-table',
    maker: 'tomas',
    members: { ...since(0, 'tomas', 'ada', 'mary', 'grace', 'wren', 'yuki', 'amara'), soren: 1, mateusz: 8 },
    scenesADay: 5.5,
    silentFor: 75,
  },
  {
    name: 'Open day',
    scenes: 'open-day',
    maker: 'mary',
    members: { ...since(2, 'mary', 'ada', 'grace', 'soren', 'priya', 'wren', 'amara', 'tomas') },
    scenesADay: 3.5,
    since: 2,
    silentFor: 130,
  },
  {
    name: 'Tool library',
    scenes: 'tool-library',
    maker: 'emmy',
    members: { ...since(0, 'emmy', 'linus', 'wren', 'amara'), mateusz: 6 },
    scenesADay: 3.5,
    silentFor: 420,
  },
  {
    name: 'Committee',
    scenes: 'committee',
    maker: 'ada',
    private: true,
    members: since(0, 'ada', 'grace', 'mary', 'priya'),
    scenesADay: 2,
    silentFor: 52,
  },
  {
    name: 'Seventy candles',
    scenes: 'surprise',
    maker: 'wren',
    private: true,
    members: since(days - 2, 'wren', 'ada', 'tomas', 'yuki'),
    scenesADay: 0.5,
    since: days - 2,
    silentFor: 210,
  },
  {
    name: 'Lost and found',
    scenes: undefined,
    maker: 'wren',
    members: since(days - 1, 'wren', 'ada'),
    scenesADay: 0,
    since: days - 1,
    silentFor: 0,
  },
];

/** How many of the last messages Ada has not read, so that her list of rooms has something of everything. */
export const unreadOfAda: Readonly<Record<string, number>> = {
  General: 2,
  'Repair café': 4,
  Website: 3,
  'Open day': 0,
  Committee: 1,
  Music: 0,
  'Kitchen table': 0,
  'Seventy candles': 0,
};

export function isMember(room: DemoRoom, key: PersonKey, day: number): boolean {
  const [from, until] = [room.members[key], room.left?.[key]];
  return from !== undefined && from <= day && (until === undefined || day < until);
}
