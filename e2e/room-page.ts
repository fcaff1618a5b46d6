import type { Room } from '@parlour/protocol/rooms';
import { expect, type Locator, type Page } from '@playwright/test';
import { settle } from './person.ts';

/** A room's page as somebody who looks at it finds their way: by what things are called. */
export class RoomPage {
  readonly page: Page;
  readonly name: string;

  constructor(page: Page, name: string) {
    this.page = page;
    this.name = name;
  }

  static async open(page: Page, room: Room): Promise<RoomPage> {
    const opened = new RoomPage(page, room.name);
    await page.goto(`/rooms/${room.id}`);
    await opened.isLive();
    return opened;
  }

  get log(): Locator {
    return this.page.getByRole('log', { name: `Messages in ${this.name}` });
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: `Write to ${this.name}` });
  }

  get messages(): Locator {
    return this.log.getByRole('article');
  }

  get here(): Locator {
    return this.page.getByRole('region', { name: 'Here now' });
  }

  get away(): Locator {
    return this.page.getByRole('region', { name: 'Away' });
  }

  get offline(): Locator {
    return this.page.getByRole('status').filter({ hasText: 'You are offline' });
  }

  /** What stands beside the words that the server has not taken yet. */
  get pending(): Locator {
    return this.log.getByText(/^\s*(waiting (for the network|to be sent)|sending)\s*$/);
  }

  message(text: string): Locator {
    return this.messages.filter({ hasText: text });
  }

  /** Who is here is known only once the room is joined on a live socket. */
  async isLive(): Promise<void> {
    // A page that is being left may be alive, too.
    await expect(this.log).toBeVisible();
    await settle(this.page);
    await expect(this.here).toBeVisible();
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** All messages of the room in the order in which they stand, each once, none more. */
  async shows(texts: readonly string[]): Promise<void> {
    await expect(this.messages).toContainText([...texts], { timeout: 30_000 });
  }

  /**
   * Waits until the log stands so many pixels before its end. The browser scrolls over several frames, and the page is
   * told with the one after.
   */
  async hasScrolled(distance: (log: HTMLElement | SVGElement) => number): Promise<void> {
    await expect
      .poll(async () => {
        const [wanted, found] = [await this.log.evaluate(distance), await this.log.evaluate((log) => -log.scrollTop)];
        return Math.abs(wanted - found);
      })
      .toBeLessThan(2);
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }

  async hasNothingPending(): Promise<void> {
    await expect(this.pending).toHaveCount(0, { timeout: 30_000 });
  }
}
