// Rich editors nobody here wrote, on a page of another origin than the server's.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { after, before, test } from 'node:test';
import { freePort, marks, open, openBrowser, serve, shot } from './support.js';

const MODULES = join(import.meta.dirname, 'node_modules');
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html' };
let site, origin, vigie, stop, browser;

const page = (head, body, script) =>
  `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Éditeur</title>${head}<body><main>${body}</main>` +
  `<script src="${vigie}/widget.js" data-selector="[contenteditable=true], #tinymce"></script><script>${script}</script>`;

const pages = {
  '/quill': () =>
    page('<link rel="stylesheet" href="/quill/dist/quill.snow.css"><script src="/quill/dist/quill.js"></script>',
      '<div id="e"></div>', 'window.read = ((q) => () => q.getText())(new Quill("#e", { theme: "snow" }));'),
  '/tinymce': () =>
    page('<script src="/tinymce/tinymce.min.js"></script>', '<textarea id="e"></textarea>',
      'tinymce.init({ selector: "#e", license_key: "gpl", promotion: false });' +
      'window.read = () => tinymce.activeEditor.getContent({ format: "text" });'),
  '/ckeditor': () =>
    page('<link rel="stylesheet" href="/ckeditor5/dist/browser/ckeditor5.css"><script src="/ckeditor5/dist/browser/ckeditor5.umd.js"></script>',
      '<div id="e"></div>', 'const { ClassicEditor, Essentials, Paragraph } = CKEDITOR;' +
      'ClassicEditor.create(document.querySelector("#e"), { licenseKey: "GPL", plugins: [Essentials, Paragraph] })' +
      '.then((editor) => (window.read = () => editor.getData()));'),
};

before(async () => {
  site = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, 'http://site').pathname);
    try {
      response.setHeader('content-type', TYPES[extname(path)] ?? 'text/html');
      response.end(pages[path]?.() ?? (await readFile(join(MODULES, path))));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => site.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${site.address().port}`;
  const port = await freePort();
  vigie = `http://127.0.0.1:${port}`;
  [stop, browser] = await Promise.all([serve(port, '--allow-origin', origin), openBrowser()]);
});
after(async () => {
  await browser.close();
  await stop();
  site.close();
});

for (const path of ['/quill', '/tinymce', '/ckeditor']) {
  test(`${path.slice(1)}: words are marked, replaced in the editor's own model, and nothing is left inside`, async () => {
    const tab = await open(browser.context, origin + path);
    const field = path === '/tinymce' ? tab.frameLocator('iframe').locator('#tinymce') : tab.locator('[contenteditable=true]').first();
    await field.waitFor();
    await field.click();
    await tab.keyboard.type('😀 Client diabétique type 2, livraison le matin');
    await marks(tab).first().waitFor({ state: 'attached' });
    const [box, mark] = [await field.boundingBox(), await marks(tab).first().boundingBox()];
    assert.ok(mark.x > box.x && mark.y >= box.y && mark.y < box.y + box.height, 'the mark is on the text');
    await shot(tab, `editor-${path.slice(1)}`);
    await tab.keyboard.press('F8');
    await tab.locator('vigie-layer .card').getByRole('button', { name: '[santé]' }).click();
    await tab.waitForFunction(() => /Client \[santé\], livraison/.test(window.read()) || /Client \[santé\] type 2/.test(window.read()));
    assert.doesNotMatch(await field.innerHTML(), /vigie/);
    await tab.close();
  });
}
