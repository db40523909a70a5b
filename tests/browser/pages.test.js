// The pages for people.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { axe, freePort, marks, open, openBrowser, serve, shot } from './support.js';

let url, stop, browser;

before(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  [stop, browser] = await Promise.all([serve(port), openBrowser()]);
});
after(async () => {
  await browser.close();
  await stop();
});

test('an example is checked at a click, and explained', async () => {
  const page = await open(browser.context, url);
  const paint = await page.evaluate(() => new Promise((done) => {
    const seen = (list) => list.getEntriesByName('first-contentful-paint').forEach((entry) => done(entry.startTime));
    new PerformanceObserver(seen).observe({ type: 'paint', buffered: true });
  }));
  console.log(`first paint: ${paint.toFixed(0)} ms`);
  assert.deepEqual(await axe(page), []);
  await page.getByRole('button', { name: 'Plusieurs' }).click();
  await page.getByText('À ne pas enregistrer tel quel').waitFor();
  await marks(page).first().waitFor();
  assert.match(await page.innerText('#duree'), /Analysé en [\d,]+ ms/);
  assert.match(await page.innerText('#expurge'), /\[santé\]/);
  await shot(page, 'essayer-light');
  assert.deepEqual(await axe(page), []);
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.deepEqual(await axe(page), []);
  await shot(page, 'essayer-dark');
  await page.setViewportSize({ width: 375, height: 740 });
  await page.waitForTimeout(200);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 375), 'nothing sticks out');
  await shot(page, 'essayer-phone');
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('another profile is another verdict', async () => {
  const page = await open(browser.context, url);
  await page.fill('#texte', 'Client diabétique');
  await page.getByText('À ne pas enregistrer tel quel').waitFor();
  await page.selectOption('#profil', 'insurance-health');
  await page.locator('.result.clear, .result.warn').waitFor();
  await page.close();
});

test('without JavaScript the form does the same', async () => {
  const plain = await openBrowser({ javaScriptEnabled: false });
  try {
    const page = await open(plain.context, url);
    await page.fill('#texte', '😀 Client diabétique');
    await page.getByRole('button', { name: 'Vérifier' }).click();
    await page.getByText('À ne pas enregistrer tel quel').waitFor();
    assert.match(await page.innerText('mark'), /diabétique/);
    assert.equal(await page.inputValue('#texte'), '😀 Client diabétique');
    await page.getByRole('button', { name: 'Rien à redire' }).click();
    await page.getByRole('heading', { name: 'Rien à signaler' }).waitFor();
    await shot(page, 'essayer-plain');
  } finally {
    await plain.close();
  }
});

test('rules and state read well in light, in the dark and on a phone', async () => {
  for (const path of ['/regles?categorie=trade_union', '/etat']) {
    const page = await open(browser.context, url + path);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await axe(page), []);
    }
    await page.setViewportSize({ width: 375, height: 740 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 375), 'nothing sticks out');
    await shot(page, `page${path.replace(/\W/g, '-')}`);
    assert.deepEqual(page.complaints, []);
    await page.close();
  }
});

test('the bench says why', async () => {
  const page = await open(browser.context, `${url}/regles`);
  await page.fill('#banc', 'Client diabétique');
  await page.getByRole('button', { name: 'Expliquer' }).click();
  await page.getByRole('cell', { name: /retenu/ }).first().waitFor();
  await page.close();
});

test('the widget is small', async () => {
  const code = await fetch(`${url}/widget.js`).then((response) => response.text());
  const size = gzipSync(code, { level: 9 }).length;
  console.log(`widget.js: ${code.length} bytes, ${size} gzipped`);
  assert.ok(size < 15 * 1024, `${size} bytes`);
});
