import type { RoomEvent } from '@parlour/protocol/events';
import type { Chatter } from './chatter.ts';
import type { Findings } from './finding.ts';
import type { Fleet } from './fleet.ts';
import { findEnd, type StoredEvent } from './history.ts';
import type { Ledger } from './ledger.ts';

type Histories = ReadonlyMap<string, readonly StoredEvent[]>;

/** Compares all that was sent, acknowledged and delivered since the beginning with what the database has (I1 to I5). */
export function checkMessages(ledger: Ledger, fleet: Fleet, histories: Histories, findings: Findings): void {
  for (const [room, history] of histories) checkHistory(room, history, ledger, findings);
  checkAcknowledged(ledger, histories, findings);
  for (const chatter of fleet.chatters.filter(({ isRevoked }) => !isRevoked)) checkPage(chatter, histories, findings);
  for (const chatter of fleet.everybody) checkRights(chatter, histories, findings);
}

function checkHistory(room: string, history: readonly StoredEvent[], ledger: Ledger, findings: Findings): void {
  const bodies = new Set<string>();
  const lastSentAt = new Map<string, { at: number; id: string }>();
  history.forEach(({ seq, kind, id, author, body }, index) => {
    if (seq !== index + 1) findings.add('out of order', `I2: ${room} has ${seq} at place ${index + 1}`);
    if (kind !== 'message' || id === null || body === null) return;
    if (bodies.has(body)) findings.add('doubled', `I3: “${body}” is twice in ${room}`);
    bodies.add(body);
    const sent = ledger.sent.get(id);
    if (sent?.body !== body || sent.room !== room || sent.person !== author)
      findings.add('doubled', `I3: ${id} in ${room} was never sent so`);
    const before = lastSentAt.get(author);
    const at = sent?.at ?? 0;
    if (before !== undefined && before.at > at)
      findings.add('out of order', `I2: ${author} sent ${id} before ${before.id}, and it is after it in ${room}`);
    lastSentAt.set(author, { at, id });
  });
}

function checkAcknowledged({ acknowledged }: Ledger, histories: Histories, findings: Findings): void {
  for (const [id, { room, seq, at, person }] of acknowledged) {
    const stored = histories.get(room)?.[seq - 1];
    if (stored?.id !== id || stored.author !== person || stored.at !== Date.parse(at))
      findings.add('lost', `I1: ${id} of ${person} was acknowledged as ${seq} of ${room}, where ${stored?.id} is`);
  }
}

/** What its page shows is the room as it is, from the first event to the last. */
function checkPage({ name, rooms }: Chatter, histories: Histories, findings: Findings): void {
  for (const [room, { snapshot }] of rooms) {
    const history = histories.get(room) ?? [];
    const shown = snapshot.state === 'refused' ? history.slice(0, snapshot.events.length) : history;
    const wrong = shown.findIndex((stored, index) => !isSame(stored, snapshot.events[index]));
    if (wrong >= 0) {
      const found = JSON.stringify(snapshot.events[wrong]);
      findings.add('lost', `I1, I4: ${name} has ${found} for ${JSON.stringify(shown[wrong])}`);
    }
    if (snapshot.events.length > shown.length) findings.add('doubled', `I3: ${name} has too many events of ${room}`);
  }
}

function isSame(stored: StoredEvent, event: RoomEvent | undefined): boolean {
  if (event?.seq !== stored.seq || event.event !== stored.kind) return false;
  return event.event !== 'message' || (event.id === stored.id && event.body === stored.body);
}

/** Nobody is let in again here, so whoever was taken out at a number got nothing above it on any socket. */
function checkRights({ name, person, highest }: Chatter, histories: Histories, findings: Findings): void {
  for (const [room, seq] of highest) {
    const end = findEnd(histories.get(room) ?? [], person);
    if (end !== undefined && seq > end)
      findings.add('without right', `I5: ${name} was taken out of ${room} at ${end} and got ${seq}`);
  }
}
