// The card beside a passage, and the one that holds a save. One is open at a time.
import { make, sign } from './layer.js';
import { T } from './texts.js';

let open = null;

/** Closes the card that is open, if any. */
export function closeCard() {
  open?.close();
}

/** Whether a card of this field is open. */
export function cardOf(field) {
  return open?.field === field ? open : null;
}

export class Card {
  /** Shows `children` under or over `anchor`, a rectangle of the page. */
  constructor(field, title, tone, anchor, children, { focus = false, modal = false, tag } = {}) {
    closeCard();
    open = this;
    this.field = field;
    const close = make('button', { type: 'button', className: 'small', 'aria-label': T.close }, '✕');
    const name = make('h2', { id: 'vigie-title' }, title);
    const kind = make('span', { className: 'tag' }, sign(tone), tag);
    const head = make('div', { className: `head ${tone}` }, kind, tag ? make('span', { className: 'gap' }) : name, close);
    this.element = make('div', {
      className: `theme card ${tone} ${field.dark ? 'dark' : ''}`,
      role: modal ? 'alertdialog' : 'dialog',
      'aria-labelledby': 'vigie-title',
      tabIndex: -1,
    }, head, tag ? name : null, ...children);
    this.element.lang = 'fr';
    close.onclick = () => this.close(true);
    this.element.onkeydown = (event) => this.key(event);
    this.element.onpointerenter = () => field.stay();
    this.element.onpointerleave = () => !this.kept && field.leave();
    this.kept = focus;
    this.element.onfocusin = () => (this.kept = true);
    this.off = new AbortController();
    const outside = (event) => event.composedPath().includes(this.element) || this.close();
    document.addEventListener('pointerdown', outside, { capture: true, signal: this.off.signal });
    this.element.popover = 'manual';
    field.layer.root.append(this.element);
    this.element.showPopover?.();
    this.at(anchor);
    if (focus) this.element.focus();
  }

  /** Under the words where there is room, else over them; never off the screen. */
  at({ left, top, bottom }) {
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const [wide, high] = [document.documentElement.clientWidth, window.innerHeight];
    const under = bottom + 6 + height <= high || top < height + 6;
    const y = under ? Math.min(bottom + 6, high - height - 8) : top - height - 6;
    this.element.style.left = `${Math.max(8, Math.min(left, wide - width - 8))}px`;
    this.element.style.top = `${Math.max(8, y)}px`;
  }

  key(event) {
    event.stopPropagation();
    if (event.key === 'Escape') {
      event.preventDefault();
      this.close(true);
    }
    if (event.key === 'F8') {
      event.preventDefault();
      this.field.step(event.shiftKey ? -1 : 1, true);
    }
    if (event.key !== 'Tab') return;
    const stops = [...this.element.querySelectorAll('button:not([disabled]), select')];
    const now = stops.indexOf(this.field.layer.root.activeElement);
    event.preventDefault();
    stops.at((now + (event.shiftKey ? -1 : 1) + stops.length) % stops.length)?.focus();
  }

  close(back = false) {
    if (open === this) open = null;
    this.off.abort();
    this.element.remove();
    if (back) this.field.element.focus();
  }
}

const button = (words, act, className = '') =>
  make('button', { type: 'button', className, onclick: act }, words);

/** What is wrong with one passage, and what may stand in its place. */
export function showFinding(field, index, focus) {
  const finding = field.findings[index];
  const tone = finding.action;
  const several = field.findings.length > 1;
  const swap = (words) => () => field.replace(finding, words);
  const acts = [
    finding.rewrite && button(T.replace(finding.rewrite), swap(finding.rewrite), 'main'),
    finding.placeholder && button(T.replace(finding.placeholder), swap(finding.placeholder), finding.rewrite ? '' : 'main'),
    button(T.remove, swap('')),
    tone !== 'block' && button(T.ignore, () => field.ignore(finding)),
  ].filter(Boolean);
  const steps = several && [
    make('button', { type: 'button', className: 'small', 'aria-label': T.previous, onclick: () => field.step(-1, true) }, '‹'),
    make('button', { type: 'button', className: 'small', 'aria-label': T.next, onclick: () => field.step(1, true) }, '›'),
    make('p', { className: 'soft' }, `${index + 1} / ${field.findings.length}`),
  ];
  const body = [
    make('p', { className: 'words' }, `« ${finding.text} »`),
    make('p', {}, finding.message),
    make('p', {}, finding.advice),
    make('p', { className: 'soft' }, `${T.legal} : ${finding.legal_basis}`),
    make('div', { className: 'acts' }, ...acts),
    steps && make('div', { className: 'acts' }, ...steps),
  ];
  const card = new Card(field, finding.label, tone, field.rectOf(index), body, { focus, tag: T.actions[tone] });
  card.index = index;
  return card;
}

/** Why the save is held, and how to go on. `save` is absent where the profile lets nobody. */
export function showHeld(field, findings, save) {
  const rows = findings.map((finding) =>
    make('li', { className: finding.action }, button(`${finding.label} : « ${finding.text} »`, () =>
      field.show(field.findings.indexOf(finding), true))),
  );
  const body = [make('p', {}, T.heldWhy), make('ul', {}, ...rows)];
  const acts = [button(T.fix, () => field.show(field.findings.indexOf(findings[0]), true), 'main')];
  if (save) {
    const options = Object.entries(T.reasons).map(([value, words]) => make('option', { value }, words));
    const select = make('select', { id: 'vigie-reason' }, make('option', { value: '' }, T.choose), ...options);
    const go = button(T.saveAnyway, () => save(select.value));
    go.disabled = true;
    select.onchange = () => (go.disabled = !select.value);
    body.push(make('label', { htmlFor: 'vigie-reason' }, T.reason), select, make('p', { className: 'soft' }, T.recorded));
    acts.push(go);
  }
  return new Card(field, T.held, 'block', field.box(), [...body, make('div', { className: 'acts' }, ...acts)], {
    focus: true,
    modal: true,
  });
}
