import type { Command } from '@parlour/protocol/commands';
import type { Switch } from './switch-off.ts';

/** What a client would send that does not resume, or that does not know its own messages again. */
export class ForgetfulCommands {
  readonly #without: Switch | undefined;
  readonly #sent = new Map<string, number>();

  constructor(without: Switch | undefined) {
    this.#without = without;
  }

  change(command: Command): Command {
    if (this.#without === 'resume' && command.type === 'join') return { type: 'join', room: command.room };
    if (this.#without !== 'idempotency' || command.type !== 'send') return command;
    const times = this.#sent.get(command.id) ?? 0;
    this.#sent.set(command.id, times + 1);
    return times === 0 ? command : { ...command, id: `${command.id}-${times}` };
  }
}
