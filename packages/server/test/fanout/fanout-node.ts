import { RabbitmqFanout } from '../../src/fanout/rabbitmq-fanout.ts';
import { createLog } from '../../src/log.ts';
import { FanoutRecorder, until } from './fanout-recorder.ts';
import { makeEvent } from './make-event.ts';

/** Milliseconds that these nodes keep the binding of a shard that nobody watches any more. */
const linger = 50;

/** The fan-out of one node, with what it heard and what it logged. */
export class FanoutNode {
  readonly name: string;
  readonly fanout: RabbitmqFanout;
  readonly heard = new FanoutRecorder();
  log = '';
  #lastWord = 0;

  constructor(name: string, url: string) {
    this.name = name;
    const log = createLog((line) => {
      this.log += line;
    });
    this.fanout = new RabbitmqFanout({ url, node: name, log, linger });
    this.fanout.listen(this.heard);
  }

  static async join(name: string, url: string): Promise<FanoutNode> {
    const node = new FanoutNode(name, url);
    await node.ready();
    return node;
  }

  get reason(): string {
    return this.fanout.state.name === 'degraded' ? this.fanout.state.reason : '';
  }

  ready(): Promise<void> {
    return until(() => this.fanout.state.name === 'ready', 20_000);
  }

  degraded(): Promise<void> {
    return until(() => this.fanout.state.name === 'degraded');
  }

  publish(room: string, ...seqs: number[]): void {
    for (const seq of seqs) this.fanout.publish(makeEvent(room, seq));
  }

  /** Resolves when the others have heard whatever this one published before, and was meant for them. */
  async reaches(...others: FanoutNode[]): Promise<void> {
    this.#lastWord += 1;
    const word = `${this.name} ${this.#lastWord}`;
    this.fanout.publishControl(word);
    await until(() => others.every(({ heard }) => heard.controls.some(({ message }) => message === word)));
  }
}
