import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type Axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSecret } from '../../infra/runtime/secret.ts';
import { systemClock } from '../../infra/runtime/clock.ts';
import { createFakeConsole } from './fake-console.ts';
import { createConsole } from './server/create-console.ts';

const executablePath = '/usr/bin/chromium-headless-shell';
const pages = fileURLToPath(new URL('./dist', import.meta.url));
const pictures = fileURLToPath(new URL('../../out/console/', import.meta.url));
const missing = !existsSync(executablePath)
  ? 'no headless Chromium'
  : !existsSync(pages)
    ? 'the console is not built'
    : undefined;
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  if (missing !== undefined) return;
  mkdirSync(pictures, { recursive: true });
  browser = await chromium.launch({
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(async () => {
  await browser?.close();
});

async function open(options: BrowserContextOptions = {}, { stepMs = 0, token = '' } = {}) {
  const deps = createFakeConsole('2026-11-02T09:40:00.000Z', () => systemClock.sleep(stepMs));
  const app = createConsole(deps, token === '' ? { pages } : { pages, token: createSecret(token) });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  // Pictures of a page are taken past its policy by the tool itself; the page's own code stays under it.
  const context = await browser.newContext({
    viewport: { width: 1360, height: 900 },
    timezoneId: 'UTC',
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on(
    'console',
    (message) => message.type() === 'error' && !message.text().includes('401') && problems.push(message.text()),
  );
  closers.push(
    () => app.close(),
    () => context.close(),
  );
  await page.goto(address);
  return { page, deps, problems, address };
}

async function askAndWait(page: Page, text = 'why is checkout slow?'): Promise<void> {
  await page.fill('#question', text);
  await page.press('#question', 'Enter');
  await page.waitForSelector('.answer .headline');
  await page.waitForSelector('.answer .plot canvas');
}

async function seriousViolations(page: Page): Promise<string[]> {
  // An evaluated script is not subject to the page's policy, as an added tag would be.
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const axe: typeof Axe = Reflect.get(window, 'axe');
    const { violations } = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    });
    return violations
      .filter((one) => one.impact === 'serious' || one.impact === 'critical' || one.impact === 'moderate')
      .map(
        (one) =>
          `${one.id}: ${one.nodes
            .map((node) => `${node.html.slice(0, 120)} ${node.failureSummary?.slice(0, 160)}`)
            .slice(0, 3)
            .join(' | ')}`,
      );
  });
}

const picture = (page: Page, name: string) =>
  page.screenshot({ path: `${pictures}${name}.png`, animations: 'disabled' });

/** True when something of the page reaches beyond its width. */
const overflows = (page: Page) =>
  page.evaluate(
    () =>
      document.documentElement.scrollWidth > window.innerWidth ||
      [...document.querySelectorAll('main')].some((one) => one.scrollWidth > one.clientWidth),
  );

describe.skipIf(missing !== undefined)(
  `the console in a browser${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    it('streams the steps of a question, then shows the answer with charts, without moving what was there', async () => {
      const { page, problems } = await open({}, { stepMs: 30 });
      await page.waitForSelector('.unwell li');
      await picture(page, 'welcome-light');
      await page.evaluate(() => {
        Reflect.set(window, 'shift', 0);
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            Reflect.set(window, 'shift', Number(Reflect.get(window, 'shift')) + Number(Reflect.get(entry, 'value')));
        }).observe({ type: 'layout-shift' });
      });
      await page.fill('#question', 'why is checkout slow?');
      await page.press('#question', 'Enter');
      await page.waitForFunction(() => document.querySelectorAll('.step-box .step').length >= 4);
      await picture(page, 'streaming-light');
      await page.waitForSelector('.answer .plot canvas');
      expect(await page.textContent('.answer .headline')).toContain('payment ran out of connections');
      expect(await page.textContent('.answer .grade')).toContain('proven');
      expect(await page.locator('.answer .plot canvas').count()).toBe(2);
      // The canvas holds ink: a chart was drawn, not only framed.
      const inked = await page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('.plot canvas');
        const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        return data.some((value) => value > 0);
      });
      expect(inked).toBe(true);
      expect(await page.evaluate(() => Number(Reflect.get(window, 'shift')))).toBeLessThan(0.05);
      await picture(page, 'answer-light');
      expect(problems).toEqual([]);
    });

    it('opens evidence from a citation, pages through it, and shows hostile text as text', async () => {
      const { page, deps, problems } = await open();
      await askAndWait(page);
      const logs = deps.incident.evidence.findIndex((one) => one.kind === 'logs') + 1;
      await page.click(`.section .citation[aria-label="Evidence ${logs}"]`);
      await page.waitForSelector('dialog[open] .log');
      expect(await page.textContent('dialog .tainted')).toContain('written by others');
      expect(await page.textContent('dialog .items')).toContain('<img src=x onerror="alert(1)">');
      expect(await page.locator('dialog img').count()).toBe(0);
      expect(await page.locator('dialog .log').count()).toBe(40);
      await page.click('dialog >> text=Show more');
      await page.waitForFunction(() => document.querySelectorAll('dialog .log').length === 120);
      await picture(page, 'evidence-light');
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog[open]', { state: 'detached' });
      await page.click('.answer .chart-title');
      await page.waitForSelector('dialog[open] .plot canvas');
      await picture(page, 'evidence-chart-light');
      expect(problems).toEqual([]);
    });

    it('keeps what people say of an answer', async () => {
      const { page, deps } = await open();
      await askAndWait(page);
      await page.click('.right >> text=No');
      await page.selectOption('.correction select', 'database:ledger');
      await page.fill('.correction input', 'the disk was slow');
      await page.click('.correction >> text=Send');
      await page.waitForSelector('text=this was kept');
      expect(deps.feedback).toMatchObject([{ right: false, entity: 'database:ledger', note: 'the disk was slow' }]);
    });

    it('works by keyboard alone', async () => {
      const { page } = await open();
      await page.waitForSelector('#question');
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
      await page.keyboard.press('/');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('question');
      await page.keyboard.type('why is checkout slow?');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.answer .headline');
      await page.keyboard.press('Escape');
      for (let presses = 0; presses < 60; presses += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate(() => document.activeElement?.classList.contains('citation'))) break;
      }
      await page.keyboard.press('Enter');
      await page.waitForSelector('dialog[open]');
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog[open]', { state: 'detached' });
      expect(await page.evaluate(() => document.activeElement?.classList.contains('citation'))).toBe(true);
    });

    it('shows the board, the list, the live topology and itself, in light, dark and at the width of a phone', async () => {
      const looks = [
        ['light', { colorScheme: 'light' }],
        ['dark', { colorScheme: 'dark' }],
        ['phone', { colorScheme: 'light', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }],
        ['phone-dark', { colorScheme: 'dark', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }],
      ] as const;
      for (const [look, options] of looks) {
        const { page, problems } = await open(options);
        await page.waitForSelector('.unwell li');
        await picture(page, `welcome-${look}`);
        await askAndWait(page);
        const check = async (name: string): Promise<void> => {
          expect([look, name, await overflows(page)]).toEqual([look, name, false]);
          expect([look, name, await seriousViolations(page)]).toEqual([look, name, []]);
          await picture(page, `${name}-${look}`);
        };
        await check('answer');
        await page.evaluate(() => document.querySelector('main')?.scrollTo(0, 600));
        await picture(page, `answer-below-${look}`);
        await page.click('text=Open the board');
        await page.waitForSelector('.board .plot canvas');
        await check('board');
        await page.evaluate(() => (location.hash = '#/investigations'));
        await page.waitForSelector('.row');
        await check('investigations');
        await page.click('.row >> nth=0');
        await page.waitForSelector('.board .timeline');
        await check('investigation');
        await page.evaluate(() => (location.hash = '#/services/service%3Apayment'));
        await page.waitForSelector('.selected');
        await check('services');
        await page.evaluate(() => (location.hash = '#/signals'));
        await page.waitForSelector('.foremost');
        await check('signals');
        await page.click('.foremost a >> nth=0');
        await page.waitForSelector('.scored .plot canvas');
        expect(await page.textContent('.alarm-list')).toContain(
          'where 0.12 is usual; of ordinary noise 1 in 1,000,000 looks',
        );
        expect(await page.getAttribute('.alarm-list a', 'href')).toBe('#/investigations/inv-31');
        await check('series');
        await page.evaluate(() => (location.hash = '#/models/checkout-latency%3A2'));
        await page.waitForSelector('.bars');
        await check('model');
        await page.evaluate(() => (location.hash = '#/about'));
        await page.waitForSelector('.sources');
        await check('about');
        expect(problems).toEqual([]);
      }
    });

    it('changes colours on request and remembers it', async () => {
      const { page } = await open({ colorScheme: 'light' });
      const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await ground();
      await page.click('text="Cerebro" >> xpath=.. >> button');
      expect(await ground()).not.toBe(light);
      await page.reload();
      await page.waitForSelector('#question');
      expect(await ground()).not.toBe(light);
    });

    it('asks for the token where one is set, and lets nobody in with another', async () => {
      const { page } = await open({}, { token: 'swordfish' });
      await page.fill('#token', 'guess');
      await page.keyboard.press('Enter');
      await page.waitForSelector('text=not the right one');
      expect(await seriousViolations(page)).toEqual([]);
      await picture(page, 'log-in-light');
      await page.fill('#token', 'swordfish');
      await page.keyboard.press('Enter');
      await page.waitForSelector('#question');
    });

    it('says so when the server is gone, and can try again', async () => {
      const { page } = await open();
      await page.waitForSelector('#question');
      await page.context().setOffline(true);
      await page.fill('#question', 'why?');
      await page.press('#question', 'Enter');
      await page.waitForSelector('.state-failed');
      expect(await page.textContent('.state-failed')).toContain('cannot be reached');
      await picture(page, 'failed-light');
      await page.context().setOffline(false);
      await page.click('text=Try again');
      await page.waitForSelector('.answer');
    });
  },
);
