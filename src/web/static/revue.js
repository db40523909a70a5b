// The page Revue: decisions without leaving the queue, and by keyboard alone. Its form works without this.
const at = (id) => document.getElementById(id);
const form = at('file');
const [dialog, help, error] = ['ecart', 'aide', 'ecart-erreur'].map(at);
const items = () => [...document.querySelectorAll('.case')];
const current = () => document.activeElement?.closest('.case') ?? document.querySelector('.case.current');
const chosen = () => items().filter((item) => item.querySelector('input').checked);
const prints = (list) => list.map((item) => item.dataset.print);
const WORDS = { confirmed: 'Confirmé', dismissed: 'Écarté', fixed: 'Marqué corrigé', undo: 'Décision annulée', reveal: 'Extrait révélé, c’est consigné' };
const TOUCHES = 'vigie-touches';
/** Batches decided here, the last one last. */
const done = [];

let silence;
function say(words) {
  at('annonce').textContent = words.replace(/ (?=[:;?!»])/g, '\u00a0');
  clearTimeout(silence);
  silence = setTimeout(() => at('annonce').replaceChildren(), 8000);
}

/** Makes an item the current one. */
function go(item) {
  if (!item) return;
  for (const other of document.querySelectorAll('.case.current')) other.classList.remove('current');
  item.classList.add('current');
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: 'nearest' });
}

function step(by) {
  const all = items();
  const here = all.indexOf(current());
  const next = here < 0 ? all[by > 0 ? 0 : all.length - 1] : all[here + by];
  if (next) go(next);
  else if (by > 0) document.querySelector('.next a')?.focus();
}

/** Sends a wish; puts what came back in its place. Throws what the server says against it. */
async function send(verb, list, more = {}) {
  const body = new URLSearchParams(more);
  if (list.length === 1) body.append(verb, list[0]);
  else {
    for (const print of list) body.append('f', print);
    body.append(verb, 'choisis');
  }
  let response;
  try {
    response = await fetch(form.action, { method: 'POST', body, headers: { accept: 'application/json' } });
  } catch {
    throw new Error('Le service ne répond pas. Rien n’a été changé.');
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? answer.detail ?? 'La demande a échoué. Rien n’a été changé.');
  const focused = document.activeElement?.closest('.case')?.dataset.print;
  const parsed = new DOMParser();
  for (const [print, html] of Object.entries(answer.items ?? {})) {
    const old = at(`s-${print}`);
    const item = document.adoptNode(parsed.parseFromString(`<ol>${html}</ol>`, 'text/html').querySelector('li'));
    if (old?.classList.contains('current')) item.classList.add('current');
    old?.replaceWith(item);
  }
  if (focused) at(`s-${focused}`)?.focus({ preventScroll: true });
  count();
}

async function act(verb, list, more) {
  if (!list.length) return;
  try {
    await send(verb, list, more);
  } catch (wrong) {
    if (verb === 'dismissed') throw wrong;
    say(wrong.message);
    return;
  }
  const many = list.length > 1 ? ` : ${list.length} signalements` : '';
  if (['confirmed', 'dismissed', 'fixed'].includes(verb)) {
    done.push(list);
    say(`${WORDS[verb]}${many}. Touche u : annuler.`);
    next(list);
  } else say(`${WORDS[verb]}${many}.`);
}

/** After a decision: the next item nobody decided about. */
function next(list) {
  const all = items();
  const from = all.findIndex((item) => item.dataset.print === list[list.length - 1]);
  const open = (item) => !item.classList.contains('decided');
  const target = all.slice(from + 1).find(open) ?? all.find(open);
  if (target) go(target);
  else (document.querySelector('.next a') ?? at('titre')).focus();
}

async function undo() {
  const list = done.pop();
  if (!list) return say('Rien à annuler.');
  await act('undo', list);
  go(at(`s-${list[0]}`));
}

/** Asks for the reason, again until the server takes it. */
function dismiss(list) {
  if (!list.length) return;
  const inner = dialog.querySelector('form');
  error.hidden = true;
  inner.reset();
  dialog.returnValue = '';
  dialog.showModal();
  (inner.querySelector('input:checked') ?? inner.querySelector('input')).focus();
  inner.onsubmit = async (event) => {
    if (event.submitter?.value === 'non') return;
    event.preventDefault();
    try {
      await act('dismissed', list, Object.fromEntries(new FormData(inner)));
      dialog.close();
      next(list);
    } catch (wrong) {
      error.textContent = wrong.message;
      error.hidden = false;
    }
  };
}

function decide(verb, list) {
  if (verb === 'dismissed') dismiss(list);
  else act(verb, list);
}

/** How many are chosen, and whether all are. */
function count() {
  const n = chosen().length;
  at('choisis').textContent = n ? `${n} choisi${n > 1 ? 's' : ''}` : 'Aucun choisi';
  for (const button of document.querySelectorAll('.bulk button')) button.disabled = !n;
  at('tous').checked = n > 0 && n === items().length;
  at('tous').indeterminate = n > 0 && n < items().length;
}

function usesKeys() {
  return at('touches').checked;
}

if (form) {
  form.addEventListener('submit', (event) => {
    const button = event.submitter;
    if (!button || button.value === 'tous') {
      // The reason of a whole filter is asked for in the dialog, then sent with the form.
      if (button?.name === 'dismissed' && !form.querySelector('input[type=hidden][name=reason]')) {
        event.preventDefault();
        dismissAll(button);
      }
      return;
    }
    event.preventDefault();
    decide(button.name, button.value === 'choisis' ? prints(chosen()) : [button.value]);
  });
  form.addEventListener('change', count);
  form.addEventListener('focusin', (event) => {
    const item = event.target.closest('.case');
    if (!item) return;
    for (const other of document.querySelectorAll('.case.current')) other.classList.remove('current');
    item.classList.add('current');
  });
  document.querySelector('.bulk .all').hidden = false;
  at('tous').addEventListener('change', (event) => {
    for (const item of items()) item.querySelector('input').checked = event.target.checked;
    count();
  });
  count();
}

/** A whole filter's dismissal: the form goes with the reason given. */
function dismissAll(button) {
  const inner = dialog.querySelector('form');
  error.hidden = true;
  inner.reset();
  dialog.showModal();
  inner.onsubmit = (event) => {
    if (event.submitter?.value === 'non') return;
    for (const [name, value] of new FormData(inner)) {
      const field = Object.assign(document.createElement('input'), { type: 'hidden', name, value });
      form.append(field);
    }
    form.requestSubmit(button);
  };
}

at('aide-bouton').hidden = false;
at('aide-bouton').addEventListener('click', () => help.showModal());
at('touches').checked = localStorage.getItem(TOUCHES) !== 'non';
at('touches').addEventListener('change', () => localStorage.setItem(TOUCHES, usesKeys() ? 'oui' : 'non'));

dialog.addEventListener('keydown', (event) => {
  const typing = event.target.matches('input:not([type=radio])');
  const choice = dialog.querySelectorAll('input[type=radio]')[Number(event.key) - 1];
  if (typing || !choice || event.ctrlKey || event.altKey || event.metaKey) return;
  choice.checked = true;
  choice.focus();
});

document.addEventListener('keydown', (event) => {
  const typing = event.target.matches('input:not([type=checkbox]), textarea, select, summary');
  if (typing || event.ctrlKey || event.altKey || event.metaKey || document.querySelector('dialog[open]')) return;
  if (!usesKeys() || !form && event.key !== '?') return;
  const item = current();
  const list = chosen().length ? prints(chosen()) : item ? [item.dataset.print] : [];
  const open = () => list.filter((print) => !at(`s-${print}`).classList.contains('decided'));
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    c: () => act('confirmed', open()),
    d: () => dismiss(open()),
    f: () => act('fixed', open()),
    u: undo,
    x: () => item?.querySelector('input').click(),
    r: () => item?.querySelector('[name=reveal]')?.click(),
    '?': () => help.showModal(),
  };
  const key = Object.hasOwn(keys, event.key) && keys[event.key];
  if (!key) return;
  event.preventDefault();
  key();
});
