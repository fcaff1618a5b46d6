import type { BrowserContext } from '@playwright/test';

/** What the browser says by itself where a request is refused or a network is gone. */
export const networkFaults = /Failed to load resource|WebSocket connection to .* failed|net::ERR_/;

/** Everything that goes wrong in a page without being seen: errors on the console, exceptions, hydration that differs. */
export class PageFaults {
  readonly #found: string[] = [];
  readonly #expected: RegExp[] = [];

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
