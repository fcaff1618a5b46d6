/** The people of the sample workspace, by the key that scenes call them by. Nobody of them is anybody. */
export const people = {
  ada: 'Ada Lovelace',
  grace: 'Grace Hopper',
  linus: 'Linus Okafor',
  mary: 'Mary Somerville',
  emmy: 'Emmy Noether',
  tomas: 'Tomás Arriaga',
  yuki: 'Yuki Hanabusa',
  priya: 'Priya Ramanathan',
  soren: 'Søren Lindqvist-Holm',
  amara: 'Amara Nwosu-Bell',
  wren: 'Wren Calloway',
  mateusz: 'Mateusz Zieliński-Grabowiecki',
} as const;

export type PersonKey = keyof typeof people;

export const personKeys = Object.keys(people) as PersonKey[];

export function isPerson(key: string): key is PersonKey {
  return Object.hasOwn(people, key);
}

export function emailOf(key: PersonKey): string {
  return `${key}@example.org`;
}

/** Everybody's, so that one can sign in as anybody. It protects nothing. */
export const demoPassword = 'a lamp in every window';
