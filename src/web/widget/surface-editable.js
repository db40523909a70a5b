// Reading and changing a contenteditable, a rich editor's included. Nothing is ever put inside it.
const BLOCKS = new Set(
  ('ADDRESS ARTICLE ASIDE BLOCKQUOTE DD DIV DL DT FIGCAPTION FIGURE FOOTER H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN OL P ' +
    'PRE SECTION TABLE TD TH TR UL').split(' '),
);

export class EditableSurface {
  constructor(element) {
    this.element = element;
    this.view = element.ownerDocument.defaultView;
    this.parts = [];
  }

  static takes(element) {
    return element.isContentEditable;
  }

  /** The text as one reads it: a line for each block and each line break. Remembers which node has which part. */
  text() {
    let text = '';
    const parts = [];
    const visit = (node) => {
      for (let child = node.firstChild; child; child = child.nextSibling) {
        if (child.nodeType === 3) {
          parts.push({ node: child, start: text.length });
          text += child.data;
        } else if (child.nodeType === 1 && child.contentEditable !== 'false') {
          const block = BLOCKS.has(child.tagName);
          if (block && text && !text.endsWith('\n')) text += '\n';
          if (child.tagName === 'BR') text += '\n';
          else visit(child);
          if (block && !text.endsWith('\n')) text += '\n';
        }
      }
    };
    visit(this.element);
    this.parts = parts;
    return text;
  }

  range(start, end) {
    const holding = (place, last) =>
      this.parts.find(({ node, start: from }) => {
        const to = from + node.data.length;
        return last ? place > from && place <= to : place >= from && place < to;
      });
    const [first, last] = [holding(start, false), holding(end, true)];
    if (!first || !last) return null;
    const range = this.element.ownerDocument.createRange();
    range.setStart(first.node, start - first.start);
    range.setEnd(last.node, end - last.start);
    return range;
  }

  places(spans) {
    if (spans.length) this.text();
    return spans.map(({ start, end }) => [...(this.range(start, end)?.getClientRects() ?? [])]);
  }

  async replace(start, end, words) {
    // Editors with a model of their own learn of focus and selection a little later, and set back what came too soon.
    const pause = () => new Promise((done) => setTimeout(done, 80));
    this.element.focus();
    await pause();
    if (!this.select(start, end)) return;
    await pause();
    // What editors with a model take over is theirs to do; the command below does not ask them by itself.
    const range = this.range(start, end);
    const asked = new this.view.InputEvent('beforeinput', {
      inputType: words ? 'insertText' : 'deleteContentBackward',
      data: words || null,
      targetRanges: [new this.view.StaticRange(range)],
      bubbles: true,
      cancelable: true,
      composed: true,
    });
    if (!this.element.dispatchEvent(asked)) return;
    this.element.ownerDocument.execCommand(words ? 'insertText' : 'delete', false, words);
  }

  select(start, end) {
    this.text();
    const range = this.range(start, end);
    if (!range) return false;
    this.element.focus();
    const selection = this.view.getSelection();
    selection.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
    return true;
  }

  remove() {}
}
