const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
const length = 16;
/** Bytes from here on would make some characters likelier than others. */
const fair = 256 - (256 % alphabet.length);

// Filled from the system's generator some hundred ids at a time: asking it costs more than the id.
const pool = new Uint8Array(4_096);
let used = pool.length;

/** A new public id: 16 random characters of a–z and 0–9, some 82 bits. */
export function newId(): string {
  let id = '';
  while (id.length < length) {
    if (used === pool.length) {
      crypto.getRandomValues(pool);
      used = 0;
    }
    const byte = pool[used++] ?? fair;
    if (byte < fair) id += alphabet[byte % alphabet.length];
  }
  return id;
}
