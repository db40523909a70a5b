// One checked field: listens, asks, draws. Typing is never held up: all work waits for a frame or a pause.
import { cardOf, closeCard, showFinding } from './card.js';
import { layerOf, make, sign } from './layer.js';
import { joined, moved, piecesOf } from './pieces.js';
import { isDark, onPage, visible } from './sight.js';
import { EditableSurface } from './surface-editable.js';
import { InputSurface } from './surface-input.js';
import { T } from './texts.js';

const SHOWN = { block: 2, warn: 1 };
// Drawing for longer than this, ms, would be felt at every keystroke.
const DEAR = 8;

const surfaceOf = (element) => [InputSurface, EditableSurface].find((kind) => kind.takes(element));

/** Whether an element is a kind of field that can be checked. */
export const isCheckable = (element) => Boolean(surfaceOf(element));

export class Field {
  constructor(element, client, { field, debounce = 250, theme } = {}) {
    const Surface = surfaceOf(element);
    if (!Surface) throw new TypeError('Vigie checks a textarea, a text input or a contenteditable');
    Object.assign(this, { element, client, debounce, theme, findings: [], ignored: new Set(), state: 'idle' });
    this.name = field ?? element.dataset.vigieField ?? element.name ?? undefined;
    this.surface = new Surface(element);
    this.layer = layerOf(element);
    this.text = this.surface.text();
    this.marks = make('div', { className: 'theme marks' });
    this.pill = make('button', { type: 'button', className: 'pill', hidden: true, onclick: () => this.step(1, true, -1) });
    this.pillBox = make('div', { className: 'theme', lang: 'fr' }, this.pill);
    this.layer.root.append(this.marks, this.pillBox);
    this.listen();
    if (this.text.trim()) this.later(0);
  }

  listen() {
    const view = this.element.ownerDocument.defaultView;
    this.off = new AbortController();
    const on = (target, name, act, capture = false) =>
      target.addEventListener(name, act, { signal: this.off.signal, passive: name !== 'keydown', capture });
    const redraw = () => this.draw();
    on(this.element, 'input', () => this.changed());
    on(this.element, 'blur', () => this.checkWhole().catch(() => {}));
    on(this.element, 'keydown', (event) => this.key(event));
    on(this.element, 'click', (event) => this.pointed(event, 0));
    on(this.element, 'pointermove', (event) => this.pointed(event, 350));
    on(this.element, 'pointerleave', () => this.leave());
    on(this.element, 'focus', redraw);
    for (const target of new Set([window, view])) {
      on(target, 'scroll', redraw, true);
      on(target, 'resize', redraw);
    }
    this.sizes = new view.ResizeObserver(redraw);
    this.sizes.observe(this.element);
    this.sizes.observe(document.body);
    // Rich editors change their content without an `input` event, too.
    if (this.surface instanceof EditableSurface) {
      this.changes = new view.MutationObserver(() => this.changed());
      this.changes.observe(this.element, { childList: true, characterData: true, subtree: true });
    }
  }

  destroy() {
    if (cardOf(this)) closeCard();
    this.off.abort();
    this.stop?.abort();
    clearTimeout(this.timer);
    clearTimeout(this.again);
    clearTimeout(this.slow);
    this.sizes.disconnect();
    this.changes?.disconnect();
    this.surface.remove();
    this.marks.remove();
    this.pillBox.remove();
    for (const name of ['aria-description', 'aria-keyshortcuts']) this.element.removeAttribute(name);
  }

  /** The text may be another one: what was found moves along, and is asked anew after a pause. */
  changed() {
    const text = this.surface.text();
    if (text === this.text) return this.draw();
    if (cardOf(this)) closeCard();
    this.findings = moved(this.findings, this.text, text);
    this.text = text;
    this.draw();
    this.later(this.debounce);
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(piecesOf(this.surface.text())).catch(() => {}), pause);
  }

  /** The whole text in one go, for the last word on it. */
  checkWhole() {
    clearTimeout(this.timer);
    return this.check([this.surface.text()]);
  }

  /** Whether the last answer, or the want of one, is about the text as it is now and as a whole. */
  isSettled() {
    const text = this.surface.text();
    return this.settled === text || !text.trim();
  }

  async check(pieces) {
    const text = pieces.join('');
    const begin = performance.now();
    this.stop?.abort();
    const stop = (this.stop = new AbortController());
    clearTimeout(this.again);
    if (this.state === 'idle') this.become('checking');
    try {
      const full = pieces.filter((piece) => piece.trim());
      const asks = !this.client.knows(full, this.name);
      const answers = await this.client.check(full, this.name, stop.signal);
      if (stop.signal.aborted || this.surface.text() !== text) return;
      let next = 0;
      this.answer = joined(pieces, pieces.map((piece) => (piece.trim() ? answers[next++] : undefined)));
      this.text = text;
      this.findings = this.answer.findings.filter((f) => SHOWN[f.action] && !this.ignored.has(f.category + f.text));
      this.away = 0;
      if (pieces.length === 1) this.settled = text;
      if (asks) this.trip = performance.now() - begin;
      this.become(full.length ? this.answer.verdict : 'idle');
    } catch (error) {
      if (stop.signal.aborted) return;
      this.findings = [];
      this.settled = text;
      this.problem = error.kind ?? 'away';
      this.become('unchecked');
      if (this.problem === 'away') {
        this.away = Math.min((this.away || 1000) * 2, 30000);
        this.again = setTimeout(() => this.check(piecesOf(this.surface.text())), this.away);
      }
    }
  }

  /** Takes over a state and tells the page, the eye and the ear. */
  become(state) {
    const words = this.summary((this.state = state));
    const told = state === 'unchecked' ? `${words}. ${T[this.problem] ?? T.away}` : words;
    this.element.setAttribute('aria-keyshortcuts', 'F8 Shift+F8');
    this.element.setAttribute('aria-description', this.findings.length ? T.hint(words) : `${T.name} : ${words}`);
    if (state !== 'checking') this.layer.say(state === 'idle' ? '' : told);
    this.pill.title = told;
    this.draw();
    const detail = { state, verdict: SHOWN[state] || state === 'clear' ? state : null, findings: this.findings, answer: this.answer, round_trip_ms: this.trip };
    const { CustomEvent } = this.element.ownerDocument.defaultView;
    this.element.dispatchEvent(new CustomEvent('vigie:result', { bubbles: true, composed: true, detail }));
  }

  summary(state) {
    const count = (action) => this.findings.filter((f) => f.action === action).length;
    const parts = [[count('block'), T.toBlock], [count('warn'), T.toWarn]].filter(([n]) => n);
    if (parts.length === 1) return `${T.count(parts[0][0])} ${parts[0][1]}`;
    if (parts.length) return parts.map((part) => part.join(' ')).join(', ');
    return { checking: T.checking, unchecked: T.unchecked }[state] ?? T.clear;
  }

  /** Draws marks and pill in the next frame; in a text so long that this takes time, once typing pauses. */
  draw() {
    if (this.cost > DEAR) {
      clearTimeout(this.slow);
      this.slow = setTimeout(() => this.drawLater(), 200);
    } else this.drawLater();
  }

  drawLater() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      if (!this.element.isConnected) return this.destroy();
      const begin = performance.now();
      this.drawNow();
      this.cost = performance.now() - begin;
    });
  }

  drawNow() {
    const box = visible(this.element);
    const seen = box.right - box.left > 4 && box.bottom - box.top > 4;
    this.dark = this.theme ? this.theme === 'dark' : isDark(this.element);
    for (const part of [this.marks, this.pillBox]) part.classList.toggle('dark', this.dark);
    this.rects = this.surface.places(this.findings, this.layer).map((list) =>
      list.map((rect) => onPage(rect, this.element.ownerDocument.defaultView)));
    const at = this.layer.place(box);
    const size = { width: box.right - box.left, height: box.bottom - box.top };
    Object.assign(this.marks.style, { left: `${at.left}px`, top: `${at.top}px`, width: `${size.width}px`, height: `${size.height}px` });
    const shown = ({ top, bottom }) => seen && bottom > box.top && top < box.bottom;
    this.marks.replaceChildren(...this.rects.flatMap((list, i) => list.filter(shown).map((rect) => {
      const mark = make('i', { className: this.findings[i].action });
      const [left, top] = [rect.left - box.left, rect.top - box.top];
      Object.assign(mark.style, { left: `${left}px`, top: `${top}px`, width: `${rect.right - rect.left}px`, height: `${rect.bottom - rect.top + 1}px` });
      return mark;
    })));
    const idle = this.state === 'idle' || (this.state === 'clear' && !this.text.trim());
    this.pill.hidden = !seen || idle;
    const tone = this.findings.some((f) => f.action === 'block') ? 'block' : this.findings.length ? 'warn' : this.state;
    this.pill.className = `pill ${tone}`;
    const words = this.summary(this.state);
    if (this.pill.lastChild?.textContent !== words || this.pill.dataset.tone !== tone) {
      // Where there is nothing to do, a sign is enough for the eye.
      const calm = tone === 'clear' || tone === 'checking';
      this.pill.replaceChildren(sign(tone), make('span', { className: calm ? 'quiet' : '' }, words));
    }
    this.pill.dataset.tone = tone;
    this.pill.disabled = !this.findings.length;
    Object.assign(this.pill.style, { left: `${at.left + size.width - 10}px`, top: `${at.top + size.height}px` });
  }

  box() {
    return visible(this.element);
  }

  rectOf(index) {
    this.drawNow();
    return this.rects[index]?.[0] ?? this.box();
  }

  /** Opens a passage's card. */
  show(index, focus) {
    if (!this.findings[index]) return;
    if (focus) this.surface.select(this.findings[index].start, this.findings[index].end);
    showFinding(this, index, focus);
  }

  /** Opens the next or previous passage. */
  step(by, focus, from = cardOf(this)?.index ?? (by > 0 ? -1 : 0)) {
    const count = this.findings.length;
    if (count) this.show((from + by + count) % count, focus);
  }

  key(event) {
    if (event.key === 'F8' && this.findings.length) {
      event.preventDefault();
      this.step(event.shiftKey ? -1 : 1, true);
    } else if (event.key === 'Escape' && cardOf(this)) {
      event.preventDefault();
      event.stopPropagation();
      closeCard();
    }
  }

  /** Opens the card of the passage under the pointer, after a pause if it only passes. */
  pointed(event, pause) {
    clearTimeout(this.hover);
    const { left: x, top: y } = onPage({ left: event.clientX, top: event.clientY, right: 0, bottom: 0 }, this.element.ownerDocument.defaultView);
    const index = (this.rects ?? []).findIndex((list) => list.some((r) => x >= r.left && x <= r.right && y >= r.top && y <= r.bottom + 3));
    const card = cardOf(this);
    if (index < 0) return card && !card.kept && this.leave();
    this.stay();
    if (card?.index !== index && !card?.kept) this.hover = setTimeout(() => this.show(index, false), pause);
  }

  stay() {
    clearTimeout(this.leaving);
  }

  leave() {
    clearTimeout(this.hover);
    clearTimeout(this.leaving);
    this.leaving = setTimeout(() => cardOf(this) && !cardOf(this).kept && closeCard(), 300);
  }

  async replace(finding, words) {
    closeCard();
    let { start, end } = finding;
    // Without words in their place, one of the two spaces around goes too.
    if (!words && /\s/.test(this.text[end] ?? '') && (start === 0 || /\s/.test(this.text[start - 1]))) end++;
    await this.surface.replace(start, end, words);
    this.changed();
    this.later(0);
  }

  ignore(finding) {
    this.ignored.add(finding.category + finding.text);
    this.findings = this.findings.filter((f) => f !== finding);
    closeCard();
    this.element.focus();
    this.draw();
  }
}
