import { ParlourError } from '@parlour/protocol/errors';
import { describe, expect, test } from 'vitest';
import { MemoryStorage } from '../../test/memory-storage.ts';
import { OutboxShelf } from './outbox-shelf.ts';
import type { PendingMessage } from './pending-message.ts';

const at = '2026-01-01T00:00:00.000Z';
const waiting: PendingMessage = { id: 'w', body: 'still to go', at, state: 'waiting', data: { mood: 'calm' } };
const sending: PendingMessage = { id: 's', body: 'on its way', at, state: 'sending' };
const failed: PendingMessage = {
  id: 'f',
  body: 'refused',
  at,
  state: 'failed',
  error: new ParlourError('not_a_member', 'You are not in this room.'),
};

describe('OutboxShelf', () => {
  test('A10: gives back what was unsent when the page went away', () => {
    const storage = new MemoryStorage();
    const shelf = new OutboxShelf(storage);
    shelf.open('ada');
    shelf.put('lobby', [sending, waiting, failed]);
    const found = new OutboxShelf(storage).open('ada').get('lobby');
    expect(found).toEqual([{ ...sending, state: 'waiting' }, waiting, failed]);
    expect(found?.[2]?.error?.code).toBe('not_a_member');
  });

  test('one person’s texts are not on another’s shelf', () => {
    const storage = new MemoryStorage();
    const shelf = new OutboxShelf(storage);
    shelf.open('ada');
    shelf.put('lobby', [waiting]);
    expect(shelf.open('ada').size).toBe(1);
    expect(shelf.open('grace').size).toBe(0);
  });

  test('leaves nothing behind when everything is sent', () => {
    const storage = new MemoryStorage();
    const shelf = new OutboxShelf(storage);
    shelf.open('ada');
    shelf.put('lobby', [waiting]);
    shelf.put('lobby', []);
    expect(storage.size).toBe(0);
  });

  test('two clients of one page keep what is theirs on the shelf of their one person', () => {
    const storage = new MemoryStorage();
    const [one, two] = [new OutboxShelf(storage), new OutboxShelf(storage)];
    one.open('ada');
    two.open('ada');
    one.put('lobby', [waiting]);
    two.put('designers', [sending]);
    two.put('lobby', [failed]);
    two.put('lobby', []);
    two.put('designers', []);
    expect(new OutboxShelf(storage).open('ada').get('lobby')).toEqual([waiting]);
    one.put('lobby', []);
    expect(storage.size).toBe(0);
  });

  test('passes over what is no message, and keeps the others', () => {
    const storage = new MemoryStorage();
    const good = { id: 'w', body: 'still to go', at };
    const bad = [null, 7, [], {}, { ...good, id: 5 }, { ...good, body: null }, { id: 'x', body: 'x' }];
    storage.setItem('parlour.outbox.ada', JSON.stringify({ lobby: [...bad, good], designers: bad }));
    const found = new OutboxShelf(storage).open('ada');
    expect([...found]).toEqual([['lobby', [{ ...good, state: 'waiting' }]]]);
  });

  test.each(['constructor', '__proto__'])('a room may be called %s', (room) => {
    const storage = new MemoryStorage();
    const shelf = new OutboxShelf(storage);
    shelf.open('ada');
    shelf.put(room, []);
    shelf.put(room, [waiting]);
    expect([...new OutboxShelf(storage).open('ada')]).toEqual([[room, [waiting]]]);
    shelf.put(room, []);
    expect(storage.size).toBe(0);
  });

  test('takes a full, forbidden or spoilt storage as an empty one', () => {
    const broken = (text: string) => ({
      getItem: () => text,
      setItem: () => {
        throw new Error('full');
      },
      removeItem: () => {},
    });
    for (const text of ['{ not json', 'null', '{"lobby":1}']) {
      expect(new OutboxShelf(broken(text)).open('ada').size).toBe(0);
    }
    const shelf = new OutboxShelf(broken('{}'));
    shelf.open('ada');
    expect(() => shelf.put('lobby', [waiting])).not.toThrow();
  });
});
