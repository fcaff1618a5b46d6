// `npm run fuzz`: longer than the test, with N inputs (200,000) and the SEED that is given or made.
import { fuzz } from './fuzz.ts';

const count = Number(process.env['N'] ?? 200_000);
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
console.log(`${count} frames and requests; again with SEED=${seed}`);
const { frames, requests, heapBefore, heapAfter } = await fuzz({ count, seed });
const growth = heapAfter / heapBefore - 1;
const size = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
console.log(`${frames} frames and ${requests} requests: no crash, nothing internal, ada undisturbed.`);
console.log(
  `Heap ${size(heapBefore)} before and ${size(heapAfter)} after: ${(growth * 100).toFixed(1)} %, at most 10 %.`,
);
process.exitCode = growth <= 0.1 ? 0 : 1;
