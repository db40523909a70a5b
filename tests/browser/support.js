// A server of our own, a browser, and pages that fail a test when the browser complains.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const ROOT = join(import.meta.dirname, '../..');
const BINARY = process.env.VIGIE_BINARY ?? join(ROOT, 'target/debug/vigie');
const AXE = readFileSync(join(import.meta.dirname, 'node_modules/axe-core/axe.min.js'), 'utf8');

/** A port that was free a moment ago. */
export const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** Starts Vigie and waits until it is ready; gives back how to stop it. */
export async function serve(port, ...flags) {
  const child = spawn(BINARY, ['serve', '--listen', `127.0.0.1:${port}`, '--log-level', 'warn', ...flags], {
    stdio: 'inherit',
  });
  for (let tries = 0; ; tries++) {
    if (await fetch(`http://127.0.0.1:${port}/readyz`).then((r) => r.ok, () => false)) break;
    if (tries > 300 || child.exitCode !== null) throw new Error('the server did not start');
    await new Promise((done) => setTimeout(done, 50));
  }
  return () =>
    new Promise((done) => {
      child.once('exit', done);
      child.kill('SIGTERM');
    });
}

export async function openBrowser(options = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'vigie-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    locale: 'fr-FR',
    ...options,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { context, close };
}

/** Opens a page and collects what its console calls an error (a refused script or style among them). */
export async function open(context, url) {
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(error.stack));
  page.on('console', (message) => {
    // A server that is away is an error to the browser, and a case to us.
    if (message.type() === 'error' && !/ERR_CONNECTION|Failed to load resource/.test(message.text())) page.complaints.push(message.text());
  });
  await page.goto(url);
  return page;
}

/** The marks under a field's words, as seen. */
export const marks = (page) => page.locator('vigie-layer .marks i');

/** What axe-core finds of any weight. */
export async function axe(page) {
  // The page's own policy keeps scripts out that are not the server's: this goes around the page.
  await page.evaluate(AXE + ';0');
  const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }));
  return violations
    .filter(({ impact }) => ['serious', 'critical', 'moderate'].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map((n) => `${n.target} ${n.failureSummary}`).join('; ')}`);
}

/** Keeps a screenshot where VIGIE_SCREENSHOTS says. */
export async function shot(page, name) {
  const folder = process.env.VIGIE_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
