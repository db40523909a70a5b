// Where the widget draws: one host element at the end of the page (or of the open dialog), with a shadow root.
import { STYLE } from './style.js';
import { closest } from './sight.js';

/** French typography: no line ends beside guillemets or before high punctuation. */
export const french = (words) => words.replace(/« /g, '«\u00a0').replace(/ (?=[»:;?!])/g, '\u00a0');

/** Makes an element: properties, then children. Classes and text only; no markup is ever parsed. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  const parts = children.filter(Boolean);
  element.append(...parts.map((part) => (typeof part === 'string' ? french(part) : part)));
  return element;
}

const SHAPES = {
  block: 'M8 1.5 14.5 8 8 14.5 1.5 8ZM5 8h6',
  warn: 'M8 2 14.5 13.5h-13ZM8 6.5v3.2M8 11.6v.3',
  report: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8ZM8 7.4v4M8 4.8v.2',
  clear: 'M3 8.5 6.5 12 13 4.5',
  unchecked: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8ZM3.7 12.3l8.6-8.6',
  checking: 'M3.5 8h.2M7.9 8h.2M12.3 8h.2',
};

/** A small sign that differs in shape, not in colour alone. */
export function sign(kind) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  const look = { viewBox: '0 0 16 16', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.8' };
  for (const [name, value] of Object.entries({ ...look, 'aria-hidden': 'true' })) svg.setAttribute(name, value);
  for (const name of ['linecap', 'linejoin']) svg.setAttribute(`stroke-${name}`, 'round');
  path.setAttribute('d', SHAPES[kind] ?? SHAPES.checking);
  svg.append(path);
  return svg;
}

const LAYERS = new WeakMap();

/** The layer for a field: elements outside a modal dialog cannot be reached while it is open. */
export function layerOf(field) {
  let mount = closest(field, 'dialog, [popover]') ?? document.body;
  if (mount.ownerDocument !== document) mount = document.body;
  if (mount.isContentEditable) mount = document.documentElement;
  if (!LAYERS.get(mount)?.host.isConnected) LAYERS.set(mount, new Layer(mount));
  return LAYERS.get(mount);
}

class Layer {
  constructor(mount) {
    this.host = document.createElement('vigie-layer');
    this.root = this.host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.root.adoptedStyleSheets = [sheet];
    this.live = make('div', { className: 'quiet', role: 'status', 'aria-live': 'polite' });
    this.root.append(this.live);
    mount.append(this.host);
  }

  /** Tells people who do not see the marks. */
  say(words) {
    if (this.live.textContent !== words) this.live.textContent = words;
  }

  /** Coordinates of the page to those of the host. */
  place({ left, top }) {
    const at = this.host.getBoundingClientRect();
    return { left: left - at.left, top: top - at.top };
  }
}
