import type { AuditKind } from '@parlour/protocol/audit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StartOptions } from '../start-server.ts';
import { type Outcome, type Stage, setStage } from './stage.ts';

type Attempt = (stage: Stage) => Promise<Outcome>;

/** One attack on a door: what it is, how it is done, what must come of it, and the audit row that it must leave. */
export type Attack = [what: string, attempt: Attempt, expected: Outcome, audit?: AuditKind];

/** A door, what is allowed there, and every attack that fits it. */
export type Door = { door: string; allowed: Attempt; works: Outcome; attacks: Attack[] };

/**
 * Runs every attack of a table against one house. Each first proves that the door opens for those who may; then it must
 * be refused exactly as it stands there, leave the server and everybody else's socket alive, and give nothing away.
 */
export function attackDoors(title: string, doors: Door[], options: StartOptions = {}): void {
  describe(title, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await setStage(options);
    });
    afterAll(() => stage.close());

    for (const { door, allowed, works, attacks } of doors) {
      test.each(attacks)(`${door}: %s`, async (_what, attempt, expected, audit) => {
        await stage.breathe();
        expect(await allowed(stage)).toEqual(works);
        stage.transcript.length = 0;
        const before = audit === undefined ? 0 : stage.auditCount(audit);
        expect(await attempt(stage)).toEqual(expected);
        if (audit !== undefined) expect(stage.auditCount(audit)).toBeGreaterThan(before);
        expect(await stage.isAlive()).toBe(true);
        const told = stage.transcript.join();
        for (const secret of stage.secrets) expect(told).not.toContain(secret);
      });
    }
  });
}
