// Holds a save while a field has words that are to be taken out. Without an answer nothing is held.
import { closeCard, showHeld } from './card.js';
import { parentOf } from './sight.js';

const LONGEST = 2500;

export class Guard {
  /** `fields` gives the checked fields; `save` selects the buttons that save without a form. */
  constructor(fields, save = '[data-vigie-save]') {
    Object.assign(this, { fields, save, let: new WeakSet(), watched: new WeakSet() });
  }

  /** Listens in a document or shadow root. `click` and `submit` of a shadow root are not all heard outside. */
  watch(root) {
    if (this.watched.has(root)) return;
    this.watched.add(root);
    root.addEventListener('submit', (event) => this.submit(event), true);
    root.addEventListener('click', (event) => this.click(event), true);
  }

  submit(event) {
    const form = event.target;
    const again = () => form.requestSubmit(event.submitter?.form === form ? event.submitter : null);
    this.hold(event, form, form, again);
  }

  click(event) {
    const button = event.composedPath().find((node) => node.matches?.(this.save));
    if (button) this.hold(event, button, button.closest('form'), () => button.click());
  }

  hold(event, key, form, again) {
    if (this.let.delete(key)) return;
    const fields = [...this.fields()].filter((field) => !form || isIn(field.element, form));
    if (fields.every((field) => field.isSettled() && !blocking(field).length)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const go = () => {
      closeCard();
      this.let.add(key);
      again();
      this.let.delete(key);
    };
    this.decide(fields, go).catch(go);
  }

  async decide(fields, go) {
    const late = new Promise((done) => setTimeout(done, LONGEST));
    await Promise.race([late, Promise.all(fields.map((field) => field.isSettled() || field.checkWhole()))]);
    const field = fields.find((one) => blocking(one).length);
    if (!field) return go();
    const policy = field.answer?.engine?.policy;
    const save = (reason) => {
      for (const one of fields.filter((f) => blocking(f).length)) {
        one.client.override(policy, reason, blocking(one)).catch(() => {});
        one.allowed = one.text;
      }
      go();
    };
    const may = await field.client.mayOverride(policy);
    showHeld(field, blocking(field), may ? save : null);
  }
}

function blocking(field) {
  return field.allowed === field.surface.text() ? [] : field.findings.filter((f) => f.action === 'block');
}

function isIn(element, form) {
  if (element.form) return element.form === form;
  for (let node = element; node; node = parentOf(node)) if (node === form) return true;
  return false;
}
