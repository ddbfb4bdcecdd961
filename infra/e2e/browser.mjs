// Chromium, driven as a person would.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** A browser with an empty profile; `shoot` keeps a picture where GUILDHALL_E2E_SHOTS says. */
export async function openBrowser(options = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'guildhall-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM, headless: true, args: ARGUMENTS, viewport: { width: 1280, height: 900 }, ...options,
  });
  context.setDefaultTimeout(30_000);
  return {
    newPage: () => context.newPage(),
    async shoot(page, name) {
      const folder = process.env.GUILDHALL_E2E_SHOTS;
      if (!folder) return;
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${name}.png`) });
    },
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** From Guildhall's sign-in page through Keycloak's form and back. */
export async function signIn(page, user, password) {
  await page.getByRole('link', { name: /sign in/i }).or(page.getByRole('button', { name: /sign in/i })).first().click();
  await page.locator('#username').fill(user);
  await page.locator('#password').fill(password);
  await page.locator('#kc-login, [type=submit]').first().click();
}
