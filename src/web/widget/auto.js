// What `<script src="…/widget.js" data-selector="…">` runs: settings from the tag, `window.Vigie` for the rest.
import { start } from './index.js';

const tag = document.currentScript;
const settings = (tag) => {
  const { selector, profile, key, server, guard, debounce, theme, save } = tag.dataset;
  const given = { selector, profile, key, theme, save, server: server ?? new URL(tag.src).origin };
  if (guard) given.guard = guard !== 'off';
  if (debounce) given.debounce = Number(debounce);
  return given;
};
window.Vigie = { start };
if (tag?.dataset.selector) {
  const begin = () => Object.assign(window.Vigie, start(settings(tag)));
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin);
  else begin();
}
