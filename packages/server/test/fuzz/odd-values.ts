import fc from 'fast-check';

/** What breaks careless programs. */
const odd: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  2 ** 53,
  '',
  ' ',
  '\0',
  '\ud800',
  '\u202e',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '%00%ff',
  "' OR 1=1 --",
  'x'.repeat(9_000),
  '\u{1f600}'.repeat(8_000),
  [],
  {},
  [[[[[[]]]]]],
);

export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  odd,
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 80 }),
);

type Change = { what: 'remove' | 'replace' | 'add'; place: number; value: unknown };

const change: fc.Arbitrary<Change> = fc.record({
  what: fc.constantFrom('remove' as const, 'replace' as const, 'add' as const),
  place: fc.nat(9),
  value: oddValue,
});

/** An object with a field taken away, put in or made something else. */
export function spoilt(objects: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(objects, change).map(([object, { what, place, value }]) => {
    if (typeof object !== 'object' || object === null) return value;
    const fields = Object.entries(object);
    const index = place % Math.max(1, fields.length);
    if (what === 'remove') fields.splice(index, 1);
    else if (what === 'add' || fields.length === 0) fields.push(['__proto__', value]);
    else fields[index] = [fields[index]?.[0] ?? '', value];
    return Object.fromEntries(fields);
  });
}

type Damage = { place: number; byte: number; how: 'set' | 'drop' | 'insert' | 'cut' };

/** Bytes of which some are others, missing or doubled. */
export function damaged(bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  const damage: fc.Arbitrary<Damage> = fc.record({
    place: fc.nat(500),
    byte: fc.nat(255),
    how: fc.constantFrom('set' as const, 'set' as const, 'drop' as const, 'insert' as const, 'cut' as const),
  });
  return fc
    .tuple(bytes, fc.array(damage, { minLength: 1, maxLength: 4 }))
    .map(([whole, damages]) => damages.reduce(apply, whole));
}

function apply(bytes: Buffer, { place, byte, how }: Damage): Buffer {
  const at = place % Math.max(1, bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  if (how === 'cut') return Buffer.from(before);
  if (how === 'drop') return Buffer.concat([before, after.subarray(1)]);
  return Buffer.concat([before, Buffer.from([byte]), how === 'set' ? after.subarray(1) : after]);
}
