import type { BrowserContext } from '@playwright/test';

/** What the browser says by itself where a request is refused or a network is gone. */
export const networkFaults = /Failed to load resource|WebSocket connection to .* failed|net::ERR_/;

/** A node that was starved for a second vouches for no login (I7) and asks sockets to come back, which they do by themselves. */
const comeAgain = /WebSocket connection to .* failed: .* Unexpected response code: 503/;

/** Everything that goes wrong in a page without being seen: errors on the console, exceptions, hydration that differs. */
export class PageFaults {
  readonly #found: string[] = [];
  readonly #expected: RegExp[] = [comeAgain];

  watch(context: BrowserContext): void {
    context.on('console', (message) => {
      const isFault = message.type() === 'error' || (message.type() === 'warning' && /hydrat/i.test(message.text()));
      if (isFault) this.#found.push(`${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => this.#found.push(`Uncaught: ${error.error().stack ?? error.error().message}`));
  }

  /** What a test brings about on purpose is no fault. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  get unexpected(): string[] {
    return this.#found.filter((fault) => !this.#expected.some((pattern) => pattern.test(fault)));
  }
}
