import { expect, test } from './fixtures.ts';
import { networkFaults } from './page-faults.ts';
import { password, signIn } from './person.ts';

test('A1, D4: a wrong password and an unknown address give the same single error beside the form', async ({
  enter,
  open,
  faults,
}) => {
  faults.expect(networkFaults);
  const ada = await enter('Ada');
  const page = await (await open()).newPage();
  await page.goto('/sign-in');
  const field = page.getByLabel('Password');

  const sentences: (string | null)[] = [];
  for (const email of [ada.account.email, 'nobody@example.org']) {
    await signIn(page, email, 'not the right one');
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(page.locator('[aria-invalid="true"]')).toHaveCount(1);
    await expect(field).toHaveAccessibleDescription(/password/i);
    await expect(field).toBeFocused();
    sentences.push(
      await field.evaluate(
        (element) => document.getElementById(element.getAttribute('aria-describedby') ?? '')?.textContent ?? null,
      ),
    );
    await expect(page).toHaveURL('/sign-in');
  }
  expect(sentences[0]).toBeTruthy();
  expect(sentences[1]).toBe(sentences[0]);

  await signIn(page, ada.account.email);
  await expect(page).toHaveURL('/rooms');
});

test('A1: errors of the sign-up stand beside their fields, from the schema that the server uses too', async ({
  enter,
  open,
  faults,
}) => {
  faults.expect(networkFaults);
  const ada = await enter('Ada');
  const page = await (await open()).newPage();
  await page.goto('/sign-up');
  const submit = page.getByRole('button', { name: 'Create account' });

  await page.getByLabel('Email').fill('not an address');
  await page.getByLabel('Password').fill('short');
  await submit.click();
  await expect(page.getByLabel('Your name')).toHaveAccessibleDescription(/name/i);
  await expect(page.getByLabel('Your name')).toBeFocused();
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription('This is not an email address.');
  await expect(page.getByLabel('Password')).toHaveAccessibleDescription('A password has at least 8 characters.');

  await page.getByLabel('Your name').fill('Another Ada');
  await page.getByLabel('Email').fill(ada.account.email);
  await page.getByLabel('Password').fill(password);
  await submit.click();
  await expect(page.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('[aria-invalid="true"]')).toHaveCount(1);

  await page.getByLabel('Email').fill(`another-${ada.account.email}`);
  await submit.click();
  await expect(page).toHaveURL('/rooms');
  await expect(page.getByRole('navigation', { name: 'Rooms and pages' })).toContainText('Another Ada');
});

test('C5, D2: an anonymous visitor gets the rendered sign-in page, and afterwards the page first asked for', async ({
  enter,
  open,
}) => {
  const ada = await enter('Ada');
  const post = await ada.write('A plan', 'For the day.');
  const context = await open();
  const page = await context.newPage();
  for (const path of ['/rooms', '/settings', '/posts', `/posts/${post.id}`]) {
    const html = await (await context.request.get(path)).text();
    expect(html).toContain('name="password"');
    expect(html).not.toContain('A plan');
  }
  await page.goto(`/posts/${post.id}?from=mail`);
  await expect(page).toHaveURL(`/sign-in?to=/posts/${post.id}?from=mail`);
  await page.getByRole('link', { name: 'Create account' }).click();
  await expect(page).toHaveURL(`/sign-up?to=/posts/${post.id}?from=mail`);
  await expect(page.getByRole('button', { name: 'Create account' })).toBeVisible();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await signIn(page, ada.account.email);
  await expect(page).toHaveURL(`/posts/${post.id}?from=mail`);
  await expect(page.getByRole('heading', { name: 'A plan' })).toBeVisible();
});

for (const to of [
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '/.//evil.example/',
  'javascript:alert(1)',
]) {
  test(`fault 22: signing in never leads to another site, as to ${to}`, async ({ enter, open, house }) => {
    const ada = await enter('Ada');
    const page = await (await open()).newPage();
    await page.goto(`/sign-in?to=${encodeURIComponent(to)}`);
    await signIn(page, ada.account.email);
    await expect(page).toHaveURL(`${house.origin}/rooms`);
    // Signed in, the door itself must not lead away either.
    await page.goto(`/sign-in?to=${encodeURIComponent(to)}`);
    await expect(page).toHaveURL(`${house.origin}/rooms`);
  });
}
