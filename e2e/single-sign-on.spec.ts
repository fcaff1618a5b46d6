import type { Page } from '@playwright/test';
import { OidcProvider } from '../packages/server/test/oidc-provider.ts';
import { expectAccessible } from './accessibility.ts';
import { test as base, expect } from './fixtures.ts';
import type { House } from './house.ts';
import { networkFaults } from './page-faults.ts';
import { settle } from './person.ts';

/** A house of its own with a real provider beside it. */
const test = base.extend<{ keystone: OidcProvider; linked: House }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are needed from this pattern.
  keystone: async ({}, use) => {
    const keystone = await OidcProvider.listen('keystone');
    await use(keystone);
    await keystone.close();
  },
  linked: async ({ build, keystone }, use) => {
    const house = await build({ PARLOUR_SIGN_UP: 'open', ...keystone.settings });
    keystone.open(house.origin);
    keystone.know('ada', { email: 'ada@private.example', email_verified: true, name: 'Ada' });
    await use(house);
  },
});

/** At the provider's own page. */
async function signInThere(page: Page, login: string): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Provider' })).toBeVisible();
  await page.getByLabel('Login').fill(login);
  await page.getByRole('button', { name: 'Continue' }).click();
}

test('C1, C5: a button leads to the provider, and from there to the page first asked for', async ({ linked, open }) => {
  const page = await (await open({ house: linked })).newPage();
  await page.goto('/posts?from=mail');
  await page.getByRole('button', { name: 'Continue with Keystone' }).click();
  await signInThere(page, 'ada');
  await expect(page).toHaveURL('/posts?from=mail');
  await expect(page.getByRole('navigation', { name: 'Rooms and pages' })).toContainText('Ada');
});

test('C1: it works without scripts', async ({ linked, open }) => {
  const page = await (await open({ house: linked, javaScriptEnabled: false })).newPage();
  await page.goto('/sign-in');
  await expect(page.locator('noscript .notice')).toBeVisible();
  await page.getByRole('button', { name: 'Continue with Keystone' }).click();
  await signInThere(page, 'ada');
  await expect(page).toHaveURL(/\/rooms/);
});

test('C6: signing out ends the login here, in every tab, and at the provider', async ({ linked, keystone, open }) => {
  const context = await open({ house: linked });
  const [page, tab] = [await context.newPage(), await context.newPage()];
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Continue with Keystone' }).click();
  await signInThere(page, 'ada');
  await settle(page);
  await tab.goto('/posts');
  await settle(tab);
  await page.getByRole('button', { name: 'Settings and sign-out' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(tab).toHaveURL(/\/sign-in/);
  await page.getByRole('button', { name: 'Sign out at the provider' }).click();
  await expect(page).toHaveURL('/sign-in');
  await expect.poll(() => keystone.told).toContain('success');
  // The provider has forgotten them too.
  await page.getByRole('button', { name: 'Continue with Keystone' }).click();
  await expect(page.getByLabel('Login')).toBeVisible();
});

test('C6: the provider signs somebody out, and the page says so', async ({ linked, keystone, open }) => {
  const page = await (await open({ house: linked })).newPage();
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Continue with Keystone' }).click();
  await signInThere(page, 'ada');
  await settle(page);
  const now = Math.floor(Date.now() / 1_000);
  const token = await keystone.sign({
    iss: keystone.issuer,
    aud: keystone.clientId,
    iat: now,
    exp: now + 60,
    jti: 'once',
    sub: 'ada',
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  });
  const answer = await fetch(`${linked.origin}/api/auth/oidc/keystone/backchannel-logout`, {
    method: 'POST',
    body: new URLSearchParams({ logout_token: token }),
  });
  expect(answer.status).toBe(200);
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByText('You were signed out by your single sign-on provider.')).toBeVisible();
});

test('C1: an account with the same address is linked in the settings, never by itself', async ({
  linked,
  keystone,
  enter,
  open,
  faults,
}) => {
  faults.expect(networkFaults);
  const ada = await enter('Ada', { house: linked });
  keystone.know('ada', { email: ada.account.email, email_verified: true, name: 'Ada' });
  const page = await (await open({ house: linked })).newPage();
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Continue with Keystone' }).click();
  await signInThere(page, 'ada');
  await expect(
    page.getByRole('alert').filter({ hasText: 'There is an account with your address already.' }),
  ).toBeVisible();
  await settle(page);
  await expectAccessible(page, 'sign-in, refused');

  await ada.visit('/settings/security');
  await expectAccessible(ada.page, 'linked sign-ins');
  await ada.page.getByRole('button', { name: 'Link Keystone' }).click();
  await signInThere(ada.page, 'ada');
  await expect(ada.page).toHaveURL('/settings/security');
  await expect(ada.page.getByText(`${ada.account.email}, linked`)).toBeVisible();

  await page.getByRole('button', { name: 'Continue with Keystone' }).click();
  await expect(page).toHaveURL('/rooms');
  await settle(ada.page);
  await ada.page.getByRole('button', { name: 'Unlink Keystone' }).click();
  await expect(ada.page.getByText('Keystone is unlinked.', { exact: true })).toBeVisible();
  await expect(ada.page.getByRole('button', { name: 'Link Keystone' })).toBeVisible();
});

test('C1: a provider that is down says so beside the form, which still works', async ({ linked, keystone, open }) => {
  keystone.fail();
  const page = await (await open({ house: linked })).newPage();
  await page.goto('/sign-in?to=/posts');
  await page.getByRole('button', { name: 'Continue with Keystone' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'cannot be reached just now' })).toBeVisible();
  await expect(page.getByLabel('Password')).toBeVisible();
  keystone.open(linked.origin);
  await page.getByRole('button', { name: 'Continue with Keystone' }).click();
  await signInThere(page, 'ada');
  await expect(page).toHaveURL('/posts');
});
