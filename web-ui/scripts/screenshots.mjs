// Takes pictures of the built pages, served from memory, in Chromium: npm run build && npm run screenshots [-- NAME…]
// With --base URL --cookie NAME=VALUE it looks at a running platform instead (only the scenes that it can show).
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const directory = process.env.GUILDHALL_SHOTS ?? join(tmpdir(), 'guildhall-shots');
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  console.error(`no Chromium at ${executablePath}: install it, or name it in CHROMIUM`);
  process.exit(1);
}

const wide = { width: 1920, height: 1080 };
const usual = { width: 1280, height: 900 };
const narrow = { width: 360, height: 780 };

/** name, path, window; scene of the mock; act: what to do before the picture; full: the whole page. */
const shots = [
  { name: 'review-1280', path: '/reviews/1', size: usual },
  { name: 'review-1920', path: '/reviews/1', size: wide },
  { name: 'review-360', path: '/reviews/1', size: narrow },
  { name: 'review-768', path: '/reviews/1', size: { width: 768, height: 1024 } },
  { name: 'review-dark', path: '/reviews/1?finding=f1a2', size: usual, dark: true },
  { name: 'review-finding', path: '/reviews/1?finding=c9d4', size: usual },
  { name: 'review-full', path: '/reviews/1', size: usual, full: true },
  { name: 'review-full-360', path: '/reviews/1', size: narrow, full: true },
  { name: 'review-full-dark', path: '/reviews/1', size: wide, full: true, dark: true },
  { name: 'review-below', path: '/reviews/1#run', size: usual },
  { name: 'review-below-360', path: '/reviews/1#not-read', size: narrow },
  { name: 'review-finding-360', path: '/reviews/1?finding=f1a2', size: narrow },
  { name: 'running', path: '/reviews/2', size: usual },
  { name: 'running-360', path: '/reviews/2', size: narrow },
  { name: 'queued', path: '/reviews/7', size: usual },
  { name: 'failed', path: '/reviews/3', size: usual },
  { name: 'failed-360-dark', path: '/reviews/3', size: narrow, dark: true },
  { name: 'long', path: '/reviews/4', size: usual },
  { name: 'long-360', path: '/reviews/4', size: narrow },
  { name: 'long-jump', path: '/reviews/4?finding=f1a2', size: usual },
  { name: 'long-jump-late', path: '/reviews/4?finding=long2', size: wide },
  { name: 'nothing-found', path: '/reviews/5', size: usual },
  { name: 'hostile', path: '/reviews/6', size: usual },
  { name: 'reviews', path: '/reviews', size: usual },
  { name: 'reviews-1920-dark', path: '/reviews', size: wide, dark: true },
  { name: 'reviews-360', path: '/reviews', size: narrow },
  { name: 'repositories', path: '/repositories', size: usual },
  { name: 'repositories-360', path: '/repositories', size: narrow },
  { name: 'empty', path: '/reviews', size: usual, scene: 'empty' },
  { name: 'empty-360', path: '/reviews', size: narrow, scene: 'empty' },
  { name: 'no-match', path: '/reviews?state=failed', size: usual, scene: 'empty' },
  { name: 'error', path: '/reviews/1', size: usual, scene: 'error' },
  { name: 'error-360', path: '/reviews', size: narrow, scene: 'error' },
  { name: 'loading', path: '/reviews/1', size: usual, scene: 'slow' },
  { name: 'sign-in', path: '/reviews/1', size: usual, scene: 'signed-out' },
  { name: 'sign-in-dark-360', path: '/reviews/1', size: narrow, scene: 'signed-out', dark: true },
  { name: 'viewer-failed', path: '/reviews/3', size: usual, scene: 'viewer' },
  { name: 'palette', path: '/reviews/1', size: usual, act: (page) => page.keyboard.press('Control+k') },
  {
    name: 'palette-360-dark',
    path: '/reviews/1',
    size: narrow,
    dark: true,
    act: (page) => page.keyboard.press('Control+k'),
  },
  { name: 'shortcuts', path: '/reviews/1', size: usual, act: (page) => page.keyboard.press('?') },
  {
    name: 'person-menu',
    path: '/reviews',
    size: usual,
    act: (page) => page.getByRole('button', { name: /Signed in as/ }).click(),
  },
  { name: 'not-found', path: '/nowhere', size: usual },
];

const options = process.argv.slice(2);
const option = (name) => (options.includes(name) ? options.splice(options.indexOf(name), 2)[1] : undefined);
const base = option('--base');
const cookie = option('--cookie');
const chosen = shots.filter(
  ({ name }) => options.length === 0 || options.some((wanted) => name.startsWith(wanted)),
);

const server = base
  ? undefined
  : await preview({ mode: 'mock', preview: { port: 0, host: '127.0.0.1' }, logLevel: 'warn' });
const address = base ?? server.resolvedUrls.local[0].replace(/\/$/, '');
const profile = mkdtempSync(join(tmpdir(), 'guildhall-chromium-'));
mkdirSync(directory, { recursive: true });

const browser = await chromium.launchPersistentContext(profile, {
  executablePath,
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
  deviceScaleFactor: 1,
});
let problems = 0;
try {
  for (const { name, path, size, scene = '', dark = false, full = false, act } of chosen) {
    await browser.clearCookies();
    if (cookie) {
      const [key, ...value] = cookie.split('=');
      await browser.addCookies([{ name: key, value: value.join('='), url: address }]);
    } else {
      await browser.addCookies([{ name: 'mock', value: scene, url: address }]);
    }
    const page = await browser.newPage();
    const complain = (text) => {
      problems++;
      console.error(`${name}: ${text}`);
    };
    page.on('console', (message) => {
      if (
        message.type() === 'error' &&
        !(message.text().includes('Failed to load resource') && scene !== '')
      ) {
        complain(message.text());
      }
    });
    page.on('pageerror', (error) => complain(error.message));
    page.on('dialog', (dialog) => {
      complain(`a dialog opened: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' });
    await page.goto(address + path, { waitUntil: 'load' });
    await page.waitForTimeout(1_800);
    if (act) {
      await act(page);
      await page.waitForTimeout(400);
    }
    if (full) {
      // What is loaded on sight has to be seen first.
      const height = await page.evaluate(() => document.body.scrollHeight);
      for (let top = 0; top < height; top += 600) {
        await page.evaluate((y) => window.scrollTo(0, y), top);
        await page.waitForTimeout(60);
      }
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.waitForTimeout(800);
    }
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (sideways > 0) {
      complain(`the page scrolls sideways by ${sideways} px`);
    }
    await page.screenshot({ path: join(directory, `${name}.png`), fullPage: full });
    await page.close();
  }
} finally {
  await browser.close();
  await server?.close();
  rmSync(profile, { recursive: true, force: true });
}
console.log(`${chosen.length} pictures in ${directory}, ${problems} problems`);
process.exit(problems > 0 ? 1 : 0);
