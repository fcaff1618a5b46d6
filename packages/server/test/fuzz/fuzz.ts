import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { byHand } from '../by-hand.ts';
import type { TestSocket } from '../test-socket.ts';
import { Visitor } from '../visitor.ts';
import { addLogin } from './add-login.ts';
import { tryFrames, tryRequest } from './fuzz-targets.ts';
import { FuzzedServer } from './fuzzed-server.ts';
import { type FrameInput, frameInput } from './odd-frames.ts';
import { type ApiDescription, type RequestInput, requestInput } from './odd-requests.ts';

export type FuzzOptions = { count: number; seed: number };
export type FuzzResult = { frames: number; requests: number; heapBefore: number; heapAfter: number };
type Input = FrameInput | RequestInput;

/** Inputs that are under way at the same time. */
const batch = 12;
const warmUp = 0.2;

/** Throws odd input at a real server. Fails when it stumbles, with the input and the seed that makes it again. */
export async function fuzz({ count, seed }: FuzzOptions): Promise<FuzzResult> {
  const server = await FuzzedServer.start();
  try {
    const house = await FuzzedHouse.open(server);
    await house.attack(count * warmUp, seed + 1);
    const heapBefore = await server.heap();
    const thrown = await house.attack(count, seed);
    const heapAfter = await server.heap();
    await house.judge();
    return { ...thrown, heapBefore, heapAfter };
  } finally {
    await server.stop();
  }
}

/** Ada and her room, which nobody else can see, are left alone: all must go on there as if nothing were. */
class FuzzedHouse {
  readonly #server: FuzzedServer;
  readonly #ada: Visitor;
  readonly #mallory: Visitor;
  readonly #inputs: { frames: fc.Arbitrary<FrameInput>; requests: fc.Arbitrary<RequestInput> };
  readonly #token: string;
  readonly #control: { room: string; sender: TestSocket; reader: TestSocket };
  #said = 0;

  private constructor(parts: {
    server: FuzzedServer;
    ada: Visitor;
    mallory: Visitor;
    inputs: { frames: fc.Arbitrary<FrameInput>; requests: fc.Arbitrary<RequestInput> };
    token: string;
    control: { room: string; sender: TestSocket; reader: TestSocket };
  }) {
    this.#server = parts.server;
    this.#ada = parts.ada;
    this.#mallory = parts.mallory;
    this.#inputs = parts.inputs;
    this.#token = parts.token;
    this.#control = parts.control;
  }

  static async open(server: FuzzedServer): Promise<FuzzedHouse> {
    const [ada, mallory, trudy] = [new Visitor(server.origin), new Visitor(server.origin), new Visitor(server.origin)];
    await ada.signUp('Ada');
    await mallory.signUp('Mallory');
    await trudy.signUp('Trudy');
    const room = (await ada.createRoom('Control', true)).id;
    const [sender, reader] = [await ada.connect(), await ada.connect()];
    await reader.join(room);
    const own = (await mallory.createRoom('Open')).id;
    const other = (await ada.createRoom('Closed', true)).id;
    await trudy.join(own);
    const token = await mallory.token();
    const { body: api } = await ada.request<ApiDescription>('GET', '/api/openapi.json');
    const cookies = Array.from({ length: 400 }, (_, i) => addLogin(server.folder, `eve-${i % 40}`, i % 5 === 0));
    const bearers = [await trudy.token(), 'x.y.z', randomBytes(32).toString('base64url')];
    const ids = [own, own, other, trudy.id, 'no-such-thing', 'me'];
    const inputs = {
      frames: frameInput({ room: own, other, token }),
      requests: requestInput(api, { ids, cookies: [...cookies, trudy.cookie], bearers, origin: server.origin }),
    };
    return new FuzzedHouse({ server, ada, mallory, inputs, token, control: { room, sender, reader } });
  }

  /** Throws so many frames and requests, half of each. */
  async attack(count: number, seed: number): Promise<{ frames: number; requests: number }> {
    const thrown = { frames: 0, requests: 0 };
    const input: fc.Arbitrary<Input> = fc.oneof(
      { weight: 1, arbitrary: this.#inputs.frames },
      { weight: 10, arbitrary: this.#inputs.requests },
    );
    const property = fc.asyncProperty(fc.array(input, { minLength: batch, maxLength: batch }), async (inputs) => {
      const faults = await Promise.all(inputs.map((each) => this.#try(each)));
      for (const each of inputs) {
        if (each.kind === 'frames') thrown.frames += each.frames.length;
        else thrown.requests += 1;
      }
      await this.#check(faults.map((fault, i) => (fault === undefined ? undefined : describe(fault, inputs[i]))));
    });
    // About ten frames a connection, and ten requests for each connection: so many inputs in a batch, at the least.
    const each = batch * 1.75;
    const outcome = await fc.check(property, { numRuns: Math.ceil(count / each), seed, endOnFailure: true });
    if (outcome.failed)
      throw new Error(`after ${outcome.numRuns} batches of seed ${seed}`, { cause: outcome.errorInstance });
    return thrown;
  }

  /** Everything that ada said has come, once and in order. */
  async judge(): Promise<void> {
    const { room, reader } = this.#control;
    await reader.next('event', (event) => event.event === 'message' && event.id === `control-${this.#said}`);
    const ids = reader.events(room).flatMap((event) => (event.event === 'message' ? [event.id] : []));
    const seqs = reader.events(room).map(({ seq }) => seq);
    const stored = byHand(this.#server, (db) =>
      db.prepare("SELECT id FROM events WHERE author = ? AND kind = 'message' ORDER BY seq").all(this.#ada.id),
    );
    const expected = Array.from({ length: this.#said }, (_, i) => `control-${i + 1}`);
    if (ids.join() !== expected.join()) throw new Error(`ada’s messages came as ${ids.join()}`);
    if (seqs.some((seq, i) => seq !== (seqs[0] ?? 0) + i)) throw new Error(`the control room has gaps: ${seqs.join()}`);
    if (stored.map(({ id }) => id).join() !== expected.join()) throw new Error('ada’s messages are not stored as sent');
  }

  #try(input: Input): Promise<string | undefined> {
    if (input.kind === 'request') return tryRequest(this.#server.port, input);
    return tryFrames(this.#server.port, this.#mallory, this.#token, input);
  }

  async #check(faults: (string | undefined)[]): Promise<void> {
    const fault = faults.find((each) => each !== undefined) ?? this.#server.fault;
    if (fault !== undefined) throw new Error(fault);
    this.#said += 1;
    const answer = await this.#control.sender.say(this.#control.room, `control-${this.#said}`, 'Still here');
    if (answer.type !== 'ack') throw new Error(`ada was refused: ${JSON.stringify(answer)}`);
  }
}

function describe(fault: string, input: Input | undefined): string {
  if (input?.kind === 'request') return `${fault}: ${JSON.stringify(input.bytes.toString('latin1').slice(0, 4_000))}`;
  const frames = input?.frames.map((frame) => JSON.stringify(frame.toString('latin1').slice(0, 400))).join('\n');
  return `${fault}, after:\n${frames}`;
}
