/** A server that is measured, in a process of its own. It ends when the benchmark does, whichever way that ends. */
export type PeerServer = {
  readonly port: number;
  /** The operating system tells what this process uses. */
  readonly pid: number;
  /** Where it keeps its data, if it does. */
  readonly folder: string;
  /**
   * For how many milliseconds its event loop kept others waiting at the 99th percentile since this was asked last;
   * undefined where there is no such loop to ask.
   */
  loopDelay(): Promise<number | undefined>;
  stop(): Promise<void>;
};
