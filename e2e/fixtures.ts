import { type BrowserContext, type BrowserContextOptions, test as base, expect } from '@playwright/test';
import { House, type Settings } from './house.ts';
import { PageFaults } from './page-faults.ts';
import { Person } from './person.ts';

type Open = BrowserContextOptions & { house?: House };

type Fixtures = {
  faults: PageFaults;
  /** A browser that nobody is signed in with. */
  open(options?: Open): Promise<BrowserContext>;
  /** Somebody new with a browser of their own, signed in. */
  enter(name: string, options?: Open & { invite?: string; claim?: string }): Promise<Person>;
  /** A house for this test alone, as where it is killed or unclaimed. */
  build(settings?: Settings): Promise<House>;
};

type WorkerFixtures = {
  /** The house that the tests of a worker share: each brings its own people and rooms. */
  house: House;
};

export const test = base.extend<Fixtures, WorkerFixtures>({
  house: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are needed from this pattern.
    async ({}, use) => {
      const house = await House.open({ PARLOUR_SIGN_UP: 'open' });
      await use(house);
      await house.close();
    },
    { scope: 'worker' },
  ],

  faults: [
    // biome-ignore lint/correctness/noEmptyPattern: as above.
    async ({}, use) => {
      const faults = new PageFaults();
      await use(faults);
      expect(faults.unexpected, 'what went wrong in the pages').toEqual([]);
    },
    { auto: true },
  ],

  // After `build`, so that browsers are gone before their servers.
  open: async ({ browser, house, build: _, faults, contextOptions, timezoneId, locale, viewport }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async ({ house: own = house, ...options } = {}) => {
      const shared = {
        ...contextOptions,
        viewport,
        ...(timezoneId ? { timezoneId } : {}),
        ...(locale ? { locale } : {}),
      };
      const context = await browser.newContext({ ...shared, baseURL: own.origin, ...options });
      contexts.push(context);
      faults.watch(context);
      return context;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },

  enter: async ({ open }, use) => {
    await use(async (name, { invite, claim, ...options } = {}) => {
      const extra = { ...(invite === undefined ? {} : { invite }), ...(claim === undefined ? {} : { claim }) };
      return Person.signUp(await open(options), name, extra);
    });
  },

  // biome-ignore lint/correctness/noEmptyPattern: as above.
  build: async ({}, use) => {
    const houses: House[] = [];
    await use(async (settings = {}) => {
      const house = await House.open(settings);
      houses.push(house);
      return house;
    });
    await Promise.all(houses.map((house) => house.close()));
  },
});

export { expect };
