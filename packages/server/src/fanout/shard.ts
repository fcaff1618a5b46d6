export const shardCount = 256;

/**
 * The routing key of a room: one of 256, so that a broker holds some hundred bindings a node however many rooms there
 * are. Every node of every version must reckon the same one (FNV-1a, 32 bits).
 */
export function shardOf(room: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(room)) hash = Math.imul(hash ^ byte, 0x01000193);
  return String((hash >>> 0) % shardCount);
}
