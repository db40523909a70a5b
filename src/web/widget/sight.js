// Where things are on the screen, through scrolled boxes, shadow roots and frames of the same origin.

/** How far a document's own coordinates are from those of the page that runs the widget. */
export function frameOffset(view) {
  let [x, y] = [0, 0];
  while (view && view !== window && view.frameElement) {
    const frame = view.frameElement;
    const rect = frame.getBoundingClientRect();
    const style = frame.ownerDocument.defaultView.getComputedStyle(frame);
    x += rect.left + frame.clientLeft + parseFloat(style.paddingLeft);
    y += rect.top + frame.clientTop + parseFloat(style.paddingTop);
    view = frame.ownerDocument.defaultView;
  }
  return { x, y };
}

/** The element around this one, across shadow roots and frames. */
export function parentOf(node) {
  if (node.assignedSlot || node.parentElement) return node.assignedSlot || node.parentElement;
  const root = node.getRootNode();
  return root.host ?? (root.defaultView && root.defaultView !== window ? root.defaultView.frameElement : null);
}

/** The nearest element around that fits a selector. */
export function closest(node, selector) {
  for (let at = node; at; at = parentOf(at)) if (at.matches(selector)) return at;
  return null;
}

/** A rectangle of an element's own document, in coordinates of the page. */
export function onPage(rect, view) {
  const { x, y } = frameOffset(view);
  return { left: rect.left + x, top: rect.top + y, right: rect.right + x, bottom: rect.bottom + y };
}

/** The part of an element that scrolled boxes and frames around it let one see. */
export function visible(element) {
  const viewOf = (node) => node.ownerDocument.defaultView;
  let box = onPage(element.getBoundingClientRect(), viewOf(element));
  for (let node = parentOf(element); node; node = parentOf(node)) {
    if (node === node.ownerDocument.body || node === node.ownerDocument.documentElement) continue;
    const frame = node.tagName === 'IFRAME';
    if (!frame && viewOf(node).getComputedStyle(node).overflow === 'visible') continue;
    const clip = onPage(node.getBoundingClientRect(), viewOf(node));
    box = {
      left: Math.max(box.left, clip.left),
      top: Math.max(box.top, clip.top),
      right: Math.min(box.right, clip.right),
      bottom: Math.min(box.bottom, clip.bottom),
    };
  }
  return box;
}

/** Whether the ground an element stands on is dark, so that what is drawn there fits the page, not the system. */
export function isDark(element) {
  for (let node = element; node; node = parentOf(node)) {
    const colour = node.ownerDocument.defaultView.getComputedStyle(node).backgroundColor;
    const [r, g, b, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
    if (colour.startsWith('rgb') && alpha > 0.5) return 0.299 * r + 0.587 * g + 0.114 * b < 128;
  }
  const scheme = window.getComputedStyle(document.documentElement).colorScheme;
  return scheme.includes('dark') && window.matchMedia('(prefers-color-scheme: dark)').matches;
}
