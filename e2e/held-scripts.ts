import type { Page } from '@playwright/test';

/** The page as a slow network shows it: everything but its scripts is there, until they are let go. */
export async function holdScripts(page: Page): Promise<() => void> {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route('**/_nuxt/*.js', async (route) => {
    await held;
    await route.continue();
  });
  return letGo;
}
