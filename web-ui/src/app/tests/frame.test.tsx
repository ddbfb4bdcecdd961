import { screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { failedReview, review, till } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';

test('asks to sign in and comes back to the same place', async () => {
  renderApp('/reviews/1?finding=f1a2', (platform) => {
    platform.signedIn = false;
  });
  expect(await screen.findByRole('link', { name: 'Sign in' })).toHaveAttribute(
    'href',
    '/oauth2/authorization/guildhall?return=%2Freviews%2F1%3Ffinding%3Df1a2',
  );
});

test('asks to sign in again when the session ends', async () => {
  const { platform, user } = renderApp('/reviews');
  const link = await screen.findByRole('link', { name: 'Add refunds' });
  platform.signedIn = false;
  await user.click(link);
  expect(await screen.findByRole('link', { name: 'Sign in' })).toBeVisible();
});

test('says that the platform cannot be reached', async () => {
  renderApp('/reviews', (platform) => {
    platform.failNext('/session', 503, 'starting', 'Guildhall is starting.');
    platform.failNext('/session', 503, 'starting', 'Guildhall is starting.');
  });
  expect(await screen.findByRole('alert', {}, { timeout: 5_000 })).toHaveTextContent(
    'Guildhall could not be opened',
  );
});

test('lists reviews, filters them by state, and keeps the filter in the address', async () => {
  const { user, address } = renderApp('/', (platform) => {
    platform.reviews = [review(), failedReview({ id: 2, title: 'Round totals' })];
  });
  expect(await screen.findByRole('link', { name: 'Round totals' })).toBeVisible();
  expect(address()).toBe('/reviews');
  await user.click(
    within(screen.getByRole('navigation', { name: 'Filter by state' })).getByRole('link', { name: 'failed' }),
  );
  await waitFor(() => {
    expect(screen.queryByRole('link', { name: 'Add refunds' })).not.toBeInTheDocument();
  });
  expect(address()).toBe('/reviews?state=failed');
  expect(screen.getByText('repository-unreadable')).toBeVisible();
});

test('walks through the list by keys', async () => {
  const { user, address } = renderApp('/reviews', (platform) => {
    platform.reviews = [review(), failedReview({ id: 2, title: 'Round totals' })];
  });
  await screen.findByRole('link', { name: 'Round totals' });
  await user.keyboard('jj');
  expect(screen.getByRole('link', { name: 'Add refunds' })).toHaveFocus();
  await user.keyboard('k{Enter}');
  expect(address()).toBe('/reviews/2');
});

test('pages through many reviews', async () => {
  const { user, address } = renderApp('/reviews', (platform) => {
    platform.reviews = Array.from({ length: 60 }, (_, index) =>
      review({ id: index + 1, title: `Change ${index + 1}` }),
    );
  });
  await screen.findByRole('link', { name: 'Change 60' });
  await user.click(screen.getByRole('link', { name: 'Older' }));
  expect(await screen.findByRole('link', { name: 'Change 1' })).toBeVisible();
  expect(address()).toBe('/reviews?page=2');
  expect(screen.getByText('51–60 of 60')).toBeVisible();
});

test('empty places say what they are for', async () => {
  const { user } = renderApp('/reviews', (platform) => {
    platform.reviews = [];
    platform.repositories = [];
  });
  expect(await screen.findByRole('heading', { name: 'No reviews yet' })).toBeVisible();
  await user.click(screen.getByRole('link', { name: 'Repositories' }));
  expect(await screen.findByRole('heading', { name: 'No repositories yet' })).toBeVisible();
  expect(screen.getByText('./guildhall repository add PATH')).toBeVisible();
});

test('repositories show how far their indexes are', async () => {
  renderApp('/repositories');
  expect(await screen.findByRole('heading', { name: till.name })).toBeVisible();
  expect(screen.getByText('14 files · 61 chunks · 2 left out')).toBeVisible();
  expect(screen.getByText('1,115 of 2,480 files · 9,312 chunks')).toBeVisible();
  expect(screen.getByRole('progressbar', { name: 'Files indexed' })).toHaveValue(1_115 / 2_480);
  expect(screen.getByText(/does not answer \(connection timed out/)).toBeVisible();
});

test('the palette goes to a file of the review', async () => {
  const { user, address } = renderApp('/reviews/1');
  await screen.findByRole('heading', { level: 1, name: 'Add refunds' });
  await user.keyboard('{Control>}k{/Control}');
  await user.type(await screen.findByRole('combobox'), 'daily_rep');
  await user.click(await screen.findByRole('option', { name: /daily_report\.py/ }));
  expect(address()).toBe('/reviews/1?file=report%2Fdaily_report.py');
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

test('? lists the shortcuts of what is on the screen', async () => {
  const { user } = renderApp('/reviews/1');
  await screen.findByRole('heading', { level: 1, name: 'Add refunds' });
  await user.keyboard('?');
  const dialog = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
  expect(dialog).toHaveTextContent('Next findingj');
  expect(dialog).toHaveTextContent('Next filen');
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

test('the theme is chosen and kept', async () => {
  const { user } = renderApp('/reviews');
  await user.click(await screen.findByRole('button', { name: 'Theme: As the system' }));
  await user.click(await screen.findByRole('menuitemradio', { name: 'Dark' }));
  expect(document.documentElement.dataset.theme).toBe('dark');
  expect(localStorage.getItem('guildhall.theme')).toBe('dark');
  expect(screen.getByRole('button', { name: 'Theme: Dark' })).toBeVisible();
});

test('signs out by a form with the CSRF token', async () => {
  const submitted: Record<string, unknown>[] = [];
  HTMLFormElement.prototype.requestSubmit = function (this: HTMLFormElement) {
    submitted.push({
      action: this.getAttribute('action'),
      method: this.method,
      ...Object.fromEntries(new FormData(this)),
    });
  };
  const { user } = renderApp('/reviews');
  await user.click(await screen.findByRole('button', { name: 'Signed in as Ada Byron' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
  expect(submitted).toEqual([{ action: '/logout', method: 'post', _csrf: 'csrf-token' }]);
});

test('an unknown address leads back', async () => {
  renderApp('/nowhere');
  expect(await screen.findByRole('link', { name: 'Go to the reviews' })).toBeVisible();
});

test.each(['/reviews', '/reviews/1', '/repositories'])(
  '%s has no accessibility faults that a machine can see',
  async (path) => {
    renderApp(path);
    await screen.findByRole('heading', { level: 1 });
    await waitFor(() => {
      expect(screen.queryByRole('status', { name: /Loading/ })).not.toBeInTheDocument();
    });
    // Colours are held by tokens.test.ts: jsdom computes none.
    const { violations } = await axe.run(document.body, {
      rules: { 'color-contrast': { enabled: false }, 'link-in-text-block': { enabled: false } },
    });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
      [],
    );
  },
);
