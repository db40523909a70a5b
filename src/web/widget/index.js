// Checks the text fields of a page for sensitive data as one types.
import { Client } from './client.js';
import { Field, isCheckable } from './field.js';
import { Guard } from './guard.js';

const ATTACHED = new WeakMap();

/** Starts checking every field that fits `selector`, now and later; gives back how to stop. */
export function start({ selector = '[data-vigie]', guard = true, save, ...options } = {}) {
  const client = new Client(options);
  const fields = new Set();
  const guardian = guard ? new Guard(() => fields, save) : null;
  const off = new AbortController();
  const observers = [];

  const attach = (element, more = {}) => {
    if (fields.has(ATTACHED.get(element))) return ATTACHED.get(element);
    const field = new Field(element, client, { ...options, ...more });
    ATTACHED.set(element, field);
    fields.add(field);
    guardian?.watch(element.getRootNode());
    guardian?.watch(element.ownerDocument);
    return field;
  };
  const consider = (element) => {
    if (element.matches?.(selector) && isCheckable(element)) attach(element);
  };
  const frame = (element) => {
    const enter = () => {
      // A frame of another origin has no document for us.
      if (element.contentDocument?.body) within(element.contentDocument);
    };
    element.addEventListener('load', enter, { signal: off.signal });
    enter();
  };
  const seen = new WeakSet();
  const within = (doc) => {
    if (seen.has(doc)) return;
    seen.add(doc);
    const look = (node) => {
      if (node.nodeType !== 1) return;
      consider(node);
      for (const inner of node.querySelectorAll(selector)) consider(inner);
      if (node.tagName === 'IFRAME') frame(node);
      for (const inner of node.querySelectorAll('iframe')) frame(inner);
    };
    look(doc.documentElement);
    const observer = new doc.defaultView.MutationObserver((changes) => {
      for (const change of changes) {
        if (change.type === 'attributes') consider(change.target);
        change.addedNodes.forEach(look);
      }
      for (const field of fields) {
        if (field.element.isConnected) continue;
        field.destroy();
        fields.delete(field);
      }
    });
    const attributes = ['contenteditable', 'class', 'name', 'id', 'data-vigie'];
    observer.observe(doc, { childList: true, subtree: true, attributes: true, attributeFilter: attributes });
    observers.push(observer);
    // In an open shadow root a field is met when it is entered.
    doc.addEventListener('focusin', (event) => consider(event.composedPath()[0]), { signal: off.signal });
  };
  within(document);

  return {
    attach,
    fields,
    useProfile(profile) {
      client.profile = profile;
      client.answers.clear();
      for (const field of fields) {
        field.settled = undefined;
        field.later(0);
      }
    },
    stop() {
      off.abort();
      observers.forEach((observer) => observer.disconnect());
      fields.forEach((field) => field.destroy());
      fields.clear();
    },
  };
}
