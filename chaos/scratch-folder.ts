import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Waits until its input ends, which it does however we die. The servers that write there die of that too, and not all at once
 * on a busy machine.
 */
const sweep = 'cat > /dev/null; for _ in $(seq 50); do rm -rf "$0" && exit; sleep 0.2; done';

/** A folder that everything of this run lives in from here on. It goes when this process does, even when that is killed. */
export function openScratchFolder(): { folder: string; remove(): Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), 'parlour-chaos-'));
  // PostgreSQL runs as somebody else, who must be able to pass through.
  chmodSync(folder, 0o711);
  process.env['TMPDIR'] = folder;
  // Out of reach of what a terminal sends to all that run in it.
  const sweeper = spawn('sh', ['-c', sweep, folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  return {
    folder,
    remove: async () => {
      const gone = once(sweeper, 'exit');
      sweeper.stdin.end();
      await gone;
    },
  };
}
