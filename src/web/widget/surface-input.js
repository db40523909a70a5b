// Reading and changing a textarea or a one-line input. The places of its words come from an invisible copy beside it.
const COPIED = [
  'paddingTop', 'paddingRight', 'paddingBottom', 'paddingLeft', 'borderTopWidth', 'borderRightWidth',
  'borderBottomWidth', 'borderLeftWidth', 'fontFamily', 'fontSize', 'fontStyle', 'fontVariant', 'fontWeight',
  'fontStretch', 'fontKerning', 'fontFeatureSettings', 'letterSpacing', 'lineHeight', 'textAlign', 'textIndent',
  'textTransform', 'wordSpacing', 'wordBreak', 'tabSize', 'direction',
];

export class InputSurface {
  constructor(element) {
    this.element = element;
    this.view = element.ownerDocument.defaultView;
    this.copy = document.createElement('div');
    this.copy.className = 'copy';
    this.copy.setAttribute('aria-hidden', 'true');
  }

  static takes(element) {
    return element.tagName === 'TEXTAREA' || (element.tagName === 'INPUT' && /^(text|search)$/.test(element.type));
  }

  text() {
    return this.element.value;
  }

  /** Rectangles of a part of the text, in the page's coordinates. `layer` is where the copy lives. */
  places(spans, layer) {
    if (!spans.length) return [];
    const { element, copy } = this;
    const style = this.view.getComputedStyle(element);
    for (const name of COPIED) copy.style[name] = style[name];
    const side = parseFloat(style.borderLeftWidth) + parseFloat(style.borderRightWidth);
    copy.style.width = `${element.clientWidth + side}px`;
    copy.style.height = `${element.offsetHeight}px`;
    if (element.tagName === 'INPUT') {
      const inner = element.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
      copy.style.lineHeight = `${inner}px`;
      copy.style.whiteSpace = 'pre';
    }
    if (copy.parentNode !== layer.root) layer.root.append(copy);
    if (copy.firstChild?.data !== element.value) copy.replaceChildren(element.value, document.createElement('br'));
    copy.scrollTop = element.scrollTop;
    copy.scrollLeft = element.scrollLeft;
    const at = copy.getBoundingClientRect();
    const field = element.getBoundingClientRect();
    const range = document.createRange();
    return spans.map(({ start, end }) => {
      range.setStart(copy.firstChild, start);
      range.setEnd(copy.firstChild, end);
      const [dx, dy] = [field.left - at.left, field.top - at.top];
      return [...range.getClientRects()].map((r) => ({
        left: r.left + dx, right: r.right + dx, top: r.top + dy, bottom: r.bottom + dy,
      }));
    });
  }

  async replace(start, end, words) {
    const { element } = this;
    element.focus();
    element.setSelectionRange(start, end);
    // This keeps the browser's undo; not every browser lets it.
    const command = words ? 'insertText' : 'delete';
    if (element.ownerDocument.execCommand(command, false, words)) return;
    element.setRangeText(words, start, end, 'end');
    element.dispatchEvent(new this.view.InputEvent('input', { bubbles: true, composed: true }));
  }

  select(start, end) {
    this.element.focus();
    this.element.setSelectionRange(start, end);
  }

  remove() {
    this.copy.remove();
  }
}
