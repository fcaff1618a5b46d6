import { expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

test(`fault 10, I9: 20,000 odd frames and requests (SEED=${seed}) leave the server as it was`, async () => {
  const { frames, requests, heapBefore, heapAfter } = await fuzz({ count: 20_000, seed });
  console.info(`fuzz: ${frames} frames, ${requests} requests, heap ${heapBefore} → ${heapAfter}`);
  expect(frames + requests).toBeGreaterThan(18_000);
  expect(heapAfter).toBeLessThan(heapBefore * 1.1);
});
