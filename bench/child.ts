import { type ChildProcess, fork } from 'node:child_process';

const patience = 3_000;

/**
 * A process of the benchmark's, driven by one question and one answer at a time. It ends when the channel to this
 * process does, so that nothing is left running whichever way this one dies.
 */
export class Child {
  readonly #process: ChildProcess;
  readonly #name: string;
  readonly #exit: Promise<string>;

  constructor(module: URL, args: readonly string[] = []) {
    this.#name = [module.pathname.split('/').at(-1), ...args].join(' ');
    this.#process = fork(module, args, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'advanced',
      // Not a test runner's, whose conditions choose other files of a package than a server in production has.
      execArgv: [],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    this.#exit = new Promise((resolve) => {
      this.#process.once('exit', (code, signal) => resolve(`${this.#name} ended with ${signal ?? code}`));
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The next thing that the child says. Throws when it ends instead. */
  async next<Answer>(): Promise<Answer> {
    const answer = new Promise<{ answer: Answer }>((resolve) =>
      this.#process.once('message', (message) => resolve({ answer: message as Answer })),
    );
    const first = await Promise.race([answer, this.#exit]);
    if (typeof first === 'string') throw new Error(first);
    return first.answer;
  }

  ask<Answer>(question: object): Promise<Answer> {
    const answer = this.next<Answer>();
    this.#process.send(question, (error) => {
      if (error !== null) this.#process.kill();
    });
    return answer;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exit;
  }

  async stop(): Promise<void> {
    if (this.#process.connected) this.#process.disconnect();
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), patience);
    await this.#exit;
    clearTimeout(timer);
  }
}
