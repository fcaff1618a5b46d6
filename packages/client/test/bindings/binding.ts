import type {
  Client,
  ClientOptions,
  ConnectionName,
  PendingMessage,
  RoomEvent,
  RoomOptions,
  RoomSnapshot,
} from '../../src/client.ts';

/** What a component shows at one rendering. */
export type Shown = {
  readyState: ConnectionName;
  snapshot: RoomSnapshot;
  data?: RoomEvent | undefined;
  send(body: string): PendingMessage;
};

/** The components that every binding is tried with. */
export type ProbeProps = { client: Client; room: string; history?: RoomEvent[]; onRender: (shown: Shown) => void };
export type ParlourProbeProps = {
  options: ClientOptions & RoomOptions & { room: string };
  onRender: (shown: Shown) => void;
};

export type Mount<Props> = { update(props: Props): void; unmount(): void };

/** One framework's binding. Both run the same contract. */
export type Binding = {
  name: string;
  /** `useConnection` and `useRoom` in one component. */
  mountRoom(props: ProbeProps): Mount<ProbeProps>;
  /** `useParlour`. */
  mountParlour(props: ParlourProbeProps): Mount<ParlourProbeProps>;
  /** The first component rendered on a server, as HTML: its events' number and its connection's name. */
  renderRoom(props: Omit<ProbeProps, 'onRender'>): Promise<string>;
};

/** Collects what a component shows, and waits for it to show something. */
export class Screen {
  readonly renderings: Shown[] = [];
  #wake: (() => void)[] = [];

  readonly onRender = (shown: Shown) => {
    this.renderings.push(shown);
    for (const wake of this.#wake.splice(0)) wake();
  };

  get last(): Shown {
    const shown = this.renderings.at(-1);
    if (!shown) throw new Error('nothing was rendered yet');
    return shown;
  }

  async when(matches: (shown: Shown) => boolean): Promise<Shown> {
    for (;;) {
      const shown = this.renderings.at(-1);
      if (shown && matches(shown)) return shown;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }
}
