// A rules file being written is tried as one types. Without this, the button Vérifier does it.
for (const form of document.querySelectorAll('.editor')) {
  const text = form.querySelector('textarea');
  const said = form.querySelector('.verdicts');
  const copy = form.querySelector('.copy');
  let timer, turn = 0;

  const line = (words, tag, name) => Object.assign(document.createElement(tag), { textContent: words, className: name });
  const show = (wrong) => {
    if (!wrong.length) return said.replaceChildren(line('Rien à redire.', 'p', 'fine'));
    const list = line('', 'ul', 'wrong');
    for (const { line: at, message } of wrong.slice(0, 20)) {
      const item = line(at ? `ligne ${at}\u00a0: ` : '', 'li', '');
      const words = line(message, 'span', '');
      words.lang = 'en';
      item.append(words);
      list.append(item);
    }
    said.replaceChildren(list);
  };

  const check = async () => {
    const mine = ++turn;
    const body = new URLSearchParams({ fichier: form.elements.fichier.value, text: text.value, verifier: '1' });
    const answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'application/json' } })
      .then((response) => (response.ok ? response.json() : null), () => null);
    if (mine !== turn) return;
    if (answer) show(answer.wrong);
    else said.replaceChildren(line('Non vérifié\u00a0: le service ne répond pas.', 'p', 'soft'));
  };

  text.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(check, 400);
  });
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener('click', async () => {
      await navigator.clipboard.writeText(text.value);
      copy.textContent = 'Copié';
    });
  }
}
