import { expect, test } from 'vitest';
import { BrokerAddress } from './broker-address.ts';

test.each([
  ['amqp://localhost', 'localhost:5672', { hostname: 'localhost', vhost: '/', username: 'guest', password: 'guest' }],
  ['amqps://b.example', 'b.example:5671', { protocol: 'amqps', port: 5671 }],
  ['amqp://ada:p%40ss%2Fword@b.example:1234/house%2F1', 'b.example:1234', { username: 'ada', password: 'p@ss/word' }],
  ['amqp://[::1]:1234/', '[::1]:1234', { hostname: '::1', vhost: '/' }],
])('%s leads to %s', (url, place, connect) => {
  const address = new BrokerAddress(url);
  expect(address.place).toBe(place);
  expect(address.connect).toMatchObject(connect);
});

test.each(['', 'localhost', 'http://ada:secret@b.example', 'amqp://', 'amqp:'])(
  '%s is no address, and is not repeated',
  (url) => {
    expect(() => new BrokerAddress(url)).toThrow('The address of a broker begins with amqp:// or amqps://');
  },
);

test('what goes to a log has no credentials in it, however they are written', () => {
  const url = 'amqp://ada:p%40ss@b.example';
  const address = new BrokerAddress(url);
  const said = `cannot open ${url}: user 'ada' with p@ss and p%40ss`;
  expect(address.hide(said)).toBe("cannot open …: user '…' with … and …");
  expect(address.place).not.toMatch(/ada|p@ss/);
});
