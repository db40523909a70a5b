// Rescans, review, reports and rules, as people use them: with a mouse, by keyboard alone, without JavaScript.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { csv } from './notes.js';
import { axe, freePort, open, openBrowser, serve, shot } from './support.js';

let url, stop, browser, folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-pages-'));
  process.env.VIGIE_DATA_KEY = '5a'.repeat(32);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  writeFileSync(join(folder, 'vigie.toml'), `[[source]]\nname = "Export du soir"\npaths = ["${folder}/soir.csv"]\n`);
  writeFileSync(join(folder, 'soir.csv'), csv(20));
  process.env.VIGIE_CONFIG = join(folder, 'vigie.toml');
  mkdirSync(join(folder, 'rules'));
  const flags = ['--data-dir', join(folder, 'data'), '--rules-dir', join(folder, 'rules'), '--classifier', 'false'];
  [stop, browser] = await Promise.all([serve(port, ...flags), openBrowser()]);
});
after(async () => {
  await browser.close();
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Light, dark and a phone: nothing for axe to say, nothing that sticks out, a picture of each. */
async function looked(page, name) {
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await axe(page), [], `${name} ${colorScheme}`);
    await shot(page, `${name}-${colorScheme}`);
  }
  const size = page.viewportSize();
  await page.setViewportSize({ width: 375, height: 740 });
  const out = await page.evaluate(() => (document.documentElement.scrollWidth <= 375 ? [] : [...document.querySelectorAll('*')]
    .filter((e) => e.getBoundingClientRect().right > 375 && !e.closest('.scroll'))
    .map((e) => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`)));
  assert.deepEqual(out, [], `${name}: something sticks out`);
  assert.deepEqual(await axe(page), [], `${name} phone`);
  await shot(page, `${name}-phone`);
  await page.setViewportSize(size);
  assert.deepEqual(page.complaints, []);
}

/** First paint, and how far the page's parts jumped. */
async function steady(page, path) {
  await page.goto(url + path);
  const { paint, shift } = await page.evaluate(() => new Promise((done) => {
    let shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    new PerformanceObserver((list) => {
      const paint = list.getEntriesByName('first-contentful-paint')[0]?.startTime;
      if (paint !== undefined) setTimeout(() => done({ paint, shift }), 300);
    }).observe({ type: 'paint', buffered: true });
  }));
  console.log(`${path}: first paint ${paint.toFixed(0)} ms, layout shift ${shift.toFixed(3)}`);
  assert.ok(shift < 0.02, `${path} jumps: ${shift}`);
  return paint;
}

/** Sends a file and starts its rescan; gives its address once it runs. */
async function start(page, name, rows, settings = async () => {}) {
  await page.goto(`${url}/rescans`);
  await page.setInputFiles('#fichier', { name, mimeType: 'text/csv', buffer: Buffer.from(csv(rows)) });
  await page.getByRole('button', { name: 'Choisir les colonnes' }).click();
  await page.waitForURL(/\/rescans\/nouvelle/);
  await settings();
  await page.getByRole('button', { name: 'Lancer l’analyse' }).click();
  await page.waitForURL(/\/rescans\/r-/);
}

const ended = (page) => page.getByRole('heading', { name: 'Terminée', exact: true }).waitFor({ timeout: 120_000 });

test('before anything was done, every page says what to do', async () => {
  const page = await open(browser.context, `${url}/revue`);
  await page.getByRole('link', { name: 'Lancer une analyse' }).waitFor();
  await page.goto(`${url}/rapport`);
  await page.getByText('aucune analyse n’a encore commencé').waitFor();
  await looked(page, 'rapport-vide');
  await page.goto(`${url}/rescans`);
  await looked(page, 'rescans-vide');
  await page.close();
});

test('an uploaded file is rescanned while its page follows', async () => {
  const page = await open(browser.context, `${url}/rescans`);
  await start(page, 'notes.csv', 4000, async () => {
    assert.ok(await page.getByRole('checkbox', { name: 'commentaire' }).isChecked(), 'the usual column is chosen');
    assert.equal(await page.locator('#c-team').inputValue(), 'equipe');
    await looked(page, 'rescan-colonnes');
    await page.getByText('Réglages', { exact: true }).click();
    await page.getByRole('checkbox', { name: /extrait masqué/ }).check();
    await page.fill('#f-debit', '300');
  });
  await page.getByRole('heading', { name: 'En cours' }).waitFor();
  const read = async () => Number((await page.locator('.card .figure').first().innerText()).replace(/\D/g, ''));
  const first = await read();
  await page.waitForFunction((before) => {
    const figure = document.querySelector('.card .figure');
    return Number(figure.textContent.replace(/\D/g, '')) > before;
  }, first);
  assert.deepEqual(await axe(page), []);
  await shot(page, 'rescan-en-cours');
  await page.getByRole('button', { name: 'Mettre en pause' }).click();
  await page.getByRole('heading', { name: 'En pause' }).waitFor();
  await looked(page, 'rescan-en-pause');
  await page.getByRole('button', { name: 'Reprendre' }).click();
  await ended(page);
  assert.equal(await read(), 4000);
  assert.match(await page.innerText('#lu ~ div'), /notes\.csv/);
  await looked(page, 'rescan-fini');
  await page.goto(`${url}/rescans`);
  await looked(page, 'rescans');
  await page.close();
});

test('a source of the settings is rescanned; one that runs is cancelled', async () => {
  const page = await open(browser.context, `${url}/rescans`);
  await page.selectOption('#source', 'Export du soir');
  await page.locator('form:has(#source) button.main').click();
  await ended(page);
  await start(page, 'longue.csv', 20_000, async () => {
    await page.getByText('Réglages', { exact: true }).click();
    await page.fill('#f-debit', '1000');
  });
  await page.getByText('Annuler l’analyse…').click();
  await page.getByRole('button', { name: 'Annuler l’analyse' }).click();
  await page.getByRole('heading', { name: 'Annulée' }).waitFor();
  await page.getByText('Supprimer l’analyse…').click();
  await page.getByRole('button', { name: 'Supprimer l’analyse' }).click();
  await page.waitForURL(/\/rescans$/);
  assert.equal(await page.getByRole('link', { name: 'longue.csv' }).count(), 0);
  await page.close();
});

/** The queue of the uploaded file's rescan. */
async function queue() {
  const page = await open(browser.context, `${url}/rescans`);
  await page.getByRole('link', { name: 'notes.csv', exact: true }).click();
  await page.getByRole('link', { name: 'Examiner' }).click();
  await page.locator('.case').first().waitFor();
  return page;
}

test('a queue is worked through by keyboard alone', async () => {
  const page = await queue();
  await looked(page, 'revue');
  const state = (n) => page.locator('.case').nth(n).locator('.acts').innerText();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  assert.equal(await page.evaluate(() => [...document.querySelectorAll('.case')].indexOf(document.activeElement)), 0);
  await page.keyboard.press('c');
  await page.locator('.case').nth(0).getByText('Confirmé').waitFor();
  await page.keyboard.press('d');
  await page.getByRole('dialog').waitFor();
  await looked(page, 'revue-motif');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('Choisissez pourquoi').waitFor();
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');
  await page.locator('.case').nth(1).getByText(/Écarté.*Autre sens des mots/s).waitFor();
  await page.keyboard.press('f');
  await page.locator('.case').nth(2).getByText('Corrigé').waitFor();
  await page.locator('#annonce').getByText('Marqué corrigé').waitFor(); // the button that decides says "Corrigé" too
  await page.keyboard.press('u');
  await page.locator('.case').nth(2).getByRole('button', { name: 'Confirmer' }).waitFor();
  assert.match(await state(0), /Confirmé/);
  assert.equal(await page.evaluate(() => [...document.querySelectorAll('.case')].indexOf(document.activeElement)), 2);
  await looked(page, 'revue-decide');
  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'Raccourcis clavier' }).waitFor();
  await looked(page, 'revue-aide');
  await page.keyboard.press('Escape');
  await page.reload();
  assert.equal(await page.locator('.case').nth(0).getByText('Confirmé').count(), 0, 'what is decided has left the queue');
  await page.close();
});

test('a reason that discloses something itself is not taken', async () => {
  const page = await queue();
  await page.locator('.case').first().getByRole('button', { name: 'Écarter' }).click();
  await page.getByRole('radio', { name: 'Autre motif' }).check();
  await page.fill('#e-texte', 'elle est diabétique');
  await page.getByRole('dialog').getByRole('button', { name: 'Écarter' }).click();
  await page.getByRole('alert').getByText('révèle peut-être elle-même').waitFor();
  await page.getByRole('button', { name: 'Renoncer' }).click();
  assert.equal(await page.locator('.case.decided').count(), 0);
  await page.close();
});

test('several are decided at once, all of a filter too, and taken back', async () => {
  const page = await queue();
  await page.getByRole('checkbox', { name: 'Tout choisir' }).check();
  await page.locator('.bulk').getByRole('button', { name: 'Confirmer' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.case.decided').length === 25);
  await page.keyboard.press('u');
  await page.waitForFunction(() => document.querySelectorAll('.case.decided').length === 0);
  await page.locator('summary', { hasText: /^Filtres/ }).click();
  await page.selectOption('#q-category', 'trade_union');
  await page.getByRole('button', { name: 'Filtrer' }).click();
  const count = async () => Number((await page.innerText('#titre')).replace(/\D/g, ''));
  const all = await count();
  assert.ok(all >= 400, `${all}`);
  await page.getByText(/Décider de tous les/).click();
  await page.getByRole('button', { name: 'Tout écarter' }).click();
  await page.getByRole('radio', { name: 'Ne vise personne' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Écarter' }).click();
  await page.getByText('Cochez la case').waitFor();
  await page.goBack();
  await page.getByText(/Décider de tous les/).click();
  await page.getByRole('checkbox', { name: /Je décide de tous/ }).check();
  await page.getByRole('button', { name: 'Tout écarter' }).click();
  await page.getByRole('radio', { name: 'Ne vise personne' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Écarter' }).click();
  await page.locator('.said').getByText(/signalements écartés/).waitFor();
  await looked(page, 'revue-fini');
  await page.locator('.said').getByRole('button', { name: 'Annuler' }).click();
  await page.locator('.said').getByText(/décisions annulées/).waitFor();
  assert.equal(await count(), all);
  await page.close();
});

test('an excerpt is masked, revealed at a click, and that is recorded', async () => {
  const page = await queue();
  const item = page.locator('.case').first();
  assert.equal(await item.getByText(/d•+/).count(), 0);
  await item.getByRole('button', { name: /Révéler/ }).click();
  await item.locator('.excerpt').getByText(/\p{L}•+/u).waitFor();
  await page.getByText('Extrait révélé, c’est consigné').waitFor();
  await shot(page, 'revue-extrait');
  await page.close();
});

test('a report reads on a screen and prints', async () => {
  const page = await open(browser.context, `${url}/rapport`);
  await looked(page, 'rapports');
  await page.getByRole('link', { name: 'notes.csv' }).first().click();
  await page.getByRole('heading', { name: 'Par catégorie' }).waitFor();
  await looked(page, 'rapport');
  await page.getByRole('button', { name: /Imprimer/ }).waitFor();
  await page.emulateMedia({ media: 'print' });
  assert.ok(await page.locator('.barre').isHidden(), 'prints have no bar');
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  assert.ok(pdf.length > 20_000 && pdf.subarray(0, 5).toString() === '%PDF-');
  const folder = process.env.VIGIE_SCREENSHOTS;
  if (folder) writeFileSync(join(folder, 'rapport.pdf'), pdf);
  await page.close();
});

test('dismissals become rules, tried as one types, saved and taken over', async () => {
  const page = await queue();
  for (const _ of [1, 2, 3]) {
    await page.locator('.case:not(.decided)').first().getByRole('button', { name: 'Écarter' }).click();
    await page.getByRole('radio', { name: 'Autre sens des mots' }).check();
    await page.fill('#e-mots', 'chute de tension du réseau');
    await page.getByRole('dialog').getByRole('button', { name: 'Écarter' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  }
  await page.goto(`${url}/regles/fichiers`);
  await page.getByRole('cell', { name: 'chute de tension du réseau' }).waitFor();
  await looked(page, 'regles-propositions');
  const editor = page.locator('.editor', { hasText: 'allow.toml' });
  const text = await editor.locator('textarea').inputValue();
  await editor.locator('textarea').fill(text.replace('reason', 'raison'));
  await editor.locator('.wrong').getByText('raison').waitFor();
  await looked(page, 'regles-faute');
  await editor.locator('textarea').fill(text);
  await editor.getByText('Rien à redire').waitFor();
  await editor.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Enregistré.').waitFor();
  assert.match(readFileSync(join(folder, 'rules/allow.toml'), 'utf8'), /chute de tension du réseau/);
  await looked(page, 'regles-fichier');
  await page.close();
});

test('without JavaScript the forms do the same', async () => {
  const plain = await openBrowser({ javaScriptEnabled: false });
  try {
    const page = await open(plain.context, `${url}/rescans`);
    await start(page, 'sans-script.csv', 10);
    for (let tries = 0; (await page.getByRole('heading', { name: 'Terminée', exact: true }).count()) === 0; tries++) {
      assert.ok(tries < 100);
      await page.waitForTimeout(200);
      await page.reload();
    }
    await page.getByRole('link', { name: 'Examiner' }).click();
    await shot(page, 'revue-plain');
    await page.locator('.case').first().getByRole('button', { name: 'Confirmer' }).click();
    await page.getByText('1 signalement confirmé').waitFor();
    await page.locator('.case').first().getByRole('button', { name: 'Écarter' }).click();
    await page.getByText('Choisissez pourquoi écarter').waitFor();
    await page.goBack();
    await page.getByText(/Motif pour/).click();
    await page.getByRole('radio', { name: 'Ne vise personne' }).check();
    await page.locator('.case').first().getByRole('button', { name: 'Écarter' }).click();
    await page.getByText('1 signalement écarté').waitFor();
    await page.locator('.said').getByRole('button', { name: 'Annuler' }).click();
    await page.getByText('1 décision annulée').waitFor();
    await page.goto(`${url}/regles/fichiers?fichier=allow.toml`);
    await page.locator('textarea').fill('[[allow]]\nraison = 1\n');
    await page.getByRole('button', { name: 'Vérifier' }).click();
    await page.locator('.wrong').waitFor();
  } finally {
    await plain.close();
  }
});

test('pages paint at once and do not jump', async () => {
  const page = await open(browser.context, `${url}/etat`);
  await looked(page, 'etat-analyses');
  const paints = [];
  for (const path of ['/rescans', '/revue', '/rapport', '/regles/fichiers', '/etat']) paints.push(await steady(page, path));
  await page.goto(`${url}/rescans`);
  await page.getByRole('link', { name: 'notes.csv', exact: true }).click();
  paints.push(await steady(page, new URL(page.url()).pathname));
  paints.sort((a, b) => a - b);
  assert.ok(paints[paints.length >> 1] < 300, `${paints}`);
  await page.close();
});

test('another site cannot send a form', async () => {
  const answer = await fetch(`${url}/revue`, {
    method: 'POST',
    headers: { 'sec-fetch-site': 'cross-site', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'confirmed=choisis',
  });
  assert.equal(answer.status, 403);
});
