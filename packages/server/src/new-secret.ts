const length = 32;

// Filled from the system's generator some dozens at a time: asking it costs more than the secret.
const pool = Buffer.alloc(64 * length);
let used = pool.length;

/** 256 random bits in base64url: what opens something for whoever has it. */
export function newSecret(): string {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  const bytes = pool.subarray(used, used + length);
  used += length;
  const secret = bytes.toString('base64url');
  // Whoever could read this memory would find none that is in use.
  bytes.fill(0);
  return secret;
}
