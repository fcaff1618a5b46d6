import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const widths = [360, 1280];
const themes = ['light', 'dark'] as const;
// What WCAG 2.2 AA asks for, and what axe's makers found good practice.
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const colourRules = ['color-contrast', 'link-in-text-block'];

type Scope = { widths?: readonly number[] };

/** Looks at a page as it is now in both themes, on a phone and on a desk: no violation, and nothing wider than the page. */
export async function expectAccessible(page: Page, what: string, scope: Scope = {}): Promise<void> {
  for (const width of scope.widths ?? widths) {
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme });
      await comeToRest(page);
      const where = `${what}, ${width} px, ${colorScheme}`;
      // The second theme changes nothing but colours.
      const axe = new AxeBuilder({ page }).setLegacyMode();
      const { violations } = await (colorScheme === 'light'
        ? axe.withTags(tags)
        : axe.withRules(colourRules)
      ).analyze();
      const found = violations.map(({ id, nodes }) => ({
        id,
        at: nodes.map((node) => `${node.target} ${node.failureSummary}`),
      }));
      expect.soft(found, where).toEqual([]);
      expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), `width of ${where}`).toBe(width);
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** Colours on their way from one theme to the other are nobody's choice. What turns for ever, or follows scrolling, has no end. */
async function comeToRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const ending = document
      .getAnimations()
      .filter((one) => one.timeline === document.timeline && one.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}
