import { afterEach, expect, test, vi } from 'vitest';
import { createClient } from '../client.ts';
import { findWebSocket, type WebSocketClass } from './web-socket.ts';

afterEach(() => vi.unstubAllGlobals());

test('takes the runtime’s own WebSocket, or the one that is handed in', () => {
  expect(findWebSocket(undefined)).toBe(globalThis.WebSocket);
  const Own = class {} as unknown as WebSocketClass;
  expect(findWebSocket(Own)).toBe(Own);
});

test('says what to do where there is none, as on Node 20', () => {
  vi.stubGlobal('WebSocket', undefined);
  const client = createClient({ url: 'http://localhost:3000' });
  expect(() => client.connect()).toThrow(/no WebSocket.*createClient\(\{ WebSocket \}\)/);
});

test('says that it must be told where Parlour is, where there is no page', () => {
  expect(() => createClient()).toThrow(/createClient\(\{ url \}\)/);
});
