/** Why Parlour cannot start, as one line for the person at the terminal. */
export class StartError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StartError';
  }
}

/** The same where it may pass by itself, so that trying again makes sense. */
export class NotYetError extends StartError {}
