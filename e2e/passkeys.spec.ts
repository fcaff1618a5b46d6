import type { BrowserContext, CDPSession, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { networkFaults } from './page-faults.ts';
import { type Person, password, settle } from './person.ts';

type Authenticator = { cdp: CDPSession; id: string };

/** A device that is locked by its owner and keeps passkeys: Chromium's own, without the hardware. */
async function addAuthenticator(context: BrowserContext, page: Page): Promise<Authenticator> {
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId: id } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, id };
}

async function addPasskey({ page }: Person): Promise<void> {
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(page.getByRole('list', { name: 'Your passkeys' }).getByRole('listitem')).toHaveCount(1);
}

/** Whether somebody confirms at the device what it asks from now on. */
async function isTouched({ cdp, id }: Authenticator, enabled: boolean): Promise<void> {
  await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: id, enabled });
}

/** Chooses the button, and confirms at the device only what the button asks, not what the page suggests by itself. */
async function usePasskey(page: Page, authenticator: Authenticator): Promise<void> {
  await page.route(
    '**/api/auth/passkey/options',
    async (route) => {
      await isTouched(authenticator, true);
      await route.continue();
    },
    { times: 1 },
  );
  await page.getByRole('button', { name: 'Use a passkey' }).click();
}

async function signOut(person: Person): Promise<void> {
  await person.ask('POST', '/api/auth/sign-out', {});
}

/** Signs out with no page open, which would go to the door by itself and use there what the device suggests. */
async function signOutUnseen(person: Person): Promise<void> {
  await person.page.goto('about:blank');
  await signOut(person);
}

test('a passkey is added, named, signs in without a name or password, and is removed', async ({ enter }) => {
  const ada = await enter('Ada');
  const authenticator = await addAuthenticator(ada.context, ada.page);
  await ada.visit('/settings/security');
  await addPasskey(ada);
  const row = ada.page.getByRole('list', { name: 'Your passkeys' }).getByRole('listitem');
  await expect(row).toContainText(/on Linux.*not used yet/s);

  await ada.page.getByRole('button', { name: /^Rename / }).click();
  await ada.page.getByRole('dialog').getByLabel('Name').fill('My laptop');
  await ada.page.getByRole('button', { name: 'Save' }).click();
  await expect(row).toContainText('My laptop');
  // What the page asks for after the change would be refused once the login has ended.
  await ada.visit('/settings/security');
  await expect(row).toContainText('My laptop');

  // Before the page is led to the door, which suggests a passkey at once.
  await isTouched(authenticator, false);
  await signOut(ada);
  await expect(ada.page).toHaveURL(/sign-in/);
  // What the door asks for here is not waited for below.
  await ada.page.goto('about:blank');
  const suggested = ada.page.waitForResponse('**/api/auth/passkey/options');
  await ada.visit('/sign-in');
  await suggested;
  await usePasskey(ada.page, authenticator);
  await expect(ada.page).toHaveURL('/rooms');
  await expect(ada.page.getByRole('navigation', { name: 'Rooms and pages' })).toContainText('Ada');

  await ada.visit('/settings/security');
  await expect(row).toContainText(/last used/);
  await ada.page.getByRole('button', { name: 'Remove My laptop' }).click();
  await ada.page.getByRole('button', { name: 'Remove it' }).click();
  await expect(ada.page.getByRole('button', { name: 'Add a passkey' })).toBeVisible();
  await expect(row).toHaveCount(0);
});

test('a passkey that the browser suggests beside the email field signs in as well', async ({ enter }) => {
  const ada = await enter('Ada');
  await addAuthenticator(ada.context, ada.page);
  await ada.visit('/settings/security');
  await addPasskey(ada);
  await signOutUnseen(ada);
  // Chromium’s own device picks what is suggested by itself.
  await ada.page.goto('/sign-in?to=/posts', { waitUntil: 'commit' });
  await expect(ada.page).toHaveURL('/posts');
});

test('a device that does not know its owner signs nobody in', async ({ enter }) => {
  const ada = await enter('Ada');
  const { cdp, id } = await addAuthenticator(ada.context, ada.page);
  await ada.visit('/settings/security');
  await addPasskey(ada);
  await signOutUnseen(ada);
  await ada.page.goto('/sign-in', { waitUntil: 'commit' });
  await expect(ada.page).toHaveURL('/rooms');
  await settle(ada.page);

  await cdp.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: false });
  await signOut(ada);
  await expect(ada.page).toHaveURL(/sign-in/);
  await ada.visit('/sign-in');
  await ada.page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(ada.page.getByRole('alert').filter({ hasText: 'No passkey was used' })).toBeVisible();
  expect((await ada.tryTo('GET', '/api/account')).status()).toBe(403);
});

test('a page that was open for long asks who it is before it adds a passkey', async ({ enter, faults }) => {
  faults.expect(networkFaults);
  const ada = await enter('Ada');
  await addAuthenticator(ada.context, ada.page);
  await ada.visit('/settings/security');
  // What the server says once ten minutes have gone by.
  await ada.page.route(
    '**/api/account/passkeys/options',
    (route) =>
      route.fulfill({
        status: 403,
        contentType: 'application/problem+json',
        json: {
          title: '',
          status: 403,
          detail: 'Confirm that it is you, and try again.',
          code: 'confirmation_required',
        },
      }),
    { times: 1 },
  );
  await ada.page.getByRole('button', { name: 'Add a passkey' }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'Is it still you?' });
  await dialog.getByLabel('Password').fill('not my password');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await expect(dialog.getByText('This is not your password.')).toBeVisible();
  await dialog.getByLabel('Password').fill(password);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await expect(ada.page.getByRole('list', { name: 'Your passkeys' }).getByRole('listitem')).toHaveCount(1);
});
