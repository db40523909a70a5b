// The page of a rescan that runs: the server tells when something changed, and gives what to show. Without this, the page
// asks again by itself.
const box = document.getElementById('suivi');
const shown = () => box.firstElementChild;
let busy = false, again = false, source, timer;

/** Takes over what the server shows now: the parts that move; all of it when the state is another one. */
async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  const answer = await fetch(`${location.pathname}/suivi`).catch(() => null);
  if (answer?.ok) {
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').body.firstElementChild;
    if (fresh.dataset.state === shown().dataset.state) {
      for (const part of fresh.querySelectorAll('[data-part]')) {
        const old = shown().querySelector(`[data-part=${part.dataset.part}]`);
        if (!old.contains(document.activeElement)) old.replaceWith(document.adoptNode(part));
      }
    } else {
      const had = box.contains(document.activeElement);
      box.replaceChildren(document.adoptNode(fresh));
      document.getElementById('annonce').textContent = fresh.dataset.state;
      if (had) document.getElementById('etat').focus();
    }
    if (!shown().dataset.events) stop();
  }
  busy = false;
  if (again) {
    again = false;
    later();
  }
}

/** Twice a second is often enough to be read. */
function later() {
  timer ??= setTimeout(() => {
    timer = undefined;
    refresh();
  }, 500);
}

function stop() {
  source?.close();
  clearInterval(poll);
}

if (shown().dataset.events) {
  source = new EventSource(shown().dataset.events);
  for (const kind of ['progress', 'done', 'failed', 'message', 'error']) source.addEventListener(kind, later);
}
// What another process does is seen here too.
const poll = setInterval(later, 5000);
