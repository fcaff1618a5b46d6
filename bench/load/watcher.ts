import { newMessageId } from '@parlour/protocol/ids';
import { offerTicket, paths } from '@parlour/protocol/subprotocol';
import { getTicketFrom } from './doors.ts';
import type { Login } from './large-house.ts';
import { Member } from './member.ts';

const event = /^\{"type":"event","room":"([^"]+)","seq":(\d+)/;
const said = /"#(\d+)#/;
const bodyBytes = 200;

export type WatcherHooks = {
  /** Milliseconds that an event took from its sender to this socket. */
  onEvent(latency: number): void;
  /** Something that must not be. */
  onFault(what: string): void;
  onGone(watcher: Watcher): void;
};

/** One socket that is in all rooms of its person, and notices whatever goes amiss. */
export class Watcher {
  readonly login: Login;
  /** Milliseconds since 1970 at which the connection was gone. */
  goneAt: number | undefined;
  code: number | undefined;
  readonly #hooks: WatcherHooks;
  readonly #heads = new Map<string, number>();
  #member: Member | undefined;

  constructor(login: Login, hooks: WatcherHooks) {
    this.login = login;
    this.#hooks = hooks;
  }

  async open(port: number, token: string): Promise<void> {
    const protocols = offerTicket(await getTicketFrom(port, paths.tickets, this.login.cookie)).join(', ');
    const member = new Member({ port, path: paths.socket, protocols, answer: undefined });
    this.#member = member;
    await member.opened();
    member.send(JSON.stringify({ type: 'authenticate', token }));
    await member.next('{"type":"authenticated"');
    for (const room of this.login.rooms) {
      member.send(JSON.stringify({ type: 'join', room }));
      const joined = JSON.parse(await member.next('{"type":"joined"')) as { room: string; seq: number };
      this.#heads.set(joined.room, joined.seq);
    }
    member.onText = (data, start, end) => this.#take(data, start, end);
    member.onGone = (code) => this.#end(code);
  }

  say(): void {
    const { rooms } = this.login;
    const room = rooms[Math.floor(Math.random() * rooms.length)];
    const body = `#${Date.now()}#`.padEnd(bodyBytes, 'x');
    this.#member?.send(JSON.stringify({ type: 'send', id: newMessageId(), room, body }));
  }

  #take(data: Buffer, start: number, end: number): true {
    const [, room = '', seq] = event.exec(data.toString('latin1', start, Math.min(end, start + 120))) ?? [];
    if (seq === undefined) return true;
    const head = this.#heads.get(room) ?? 0;
    if (Number(seq) !== head + 1) this.#hooks.onFault(`${seq} came after ${head}`);
    if (this.#member?.isClosing) this.#hooks.onFault('an event came after the close');
    this.#heads.set(room, Number(seq));
    const [, at] = said.exec(data.toString('latin1', start, end)) ?? [];
    if (at !== undefined) this.#hooks.onEvent(Date.now() - Number(at));
    return true;
  }

  #end(code: number | undefined): void {
    this.goneAt = Date.now();
    this.code = code;
    this.#hooks.onGone(this);
  }
}
