// The page Essayer: shows what the widget found. Its form still works without it.
const at = (id) => document.getElementById(id);
const [text, form, profile, result] = ['texte', 'essai', 'profil', 'resultat'].map(at);
const WORDS = {
  block: 'À ne pas enregistrer tel quel',
  warn: 'À reformuler avant d’enregistrer',
  clear: 'Rien à signaler',
  idle: 'En attente d’un texte',
  checking: 'En attente d’un texte',
  unchecked: 'Non vérifié : le service ne répond pas',
};
const ACTIONS = { block: 'À retirer', warn: 'À reformuler', report: 'À savoir' };
const number = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 1 });

function row(finding) {
  const item = at('signalement').content.cloneNode(true).firstElementChild;
  const slots = {
    label: finding.label,
    action: ACTIONS[finding.action],
    words: `« ${finding.text} »`,
    message: finding.message,
    advice: finding.advice,
    legal: finding.legal_basis,
    score: `confiance ${Math.round(finding.score * 100)}\u00a0%`,
  };
  const french = (said) => said.replace(/« /g, '«\u00a0').replace(/ (?=[»:;?!])/g, '\u00a0');
  item.classList.add(finding.action);
  for (const [name, words] of Object.entries(slots)) item.querySelector(`[data-slot=${name}]`).textContent = french(words);
  return item;
}

text.addEventListener('vigie:result', ({ detail: { state, answer, round_trip_ms: trip } }) => {
  if (state === 'checking') return;
  const known = state in ACTIONS || state === 'clear';
  result.className = `result ${state}`;
  at('verdict').textContent = WORDS[state];
  at('duree').textContent = known
    ? `Analysé en ${number.format(answer.took_us / 1000)} ms, aller-retour ${number.format(trip)} ms` : '';
  at('marque').replaceChildren();
  at('expurge').textContent = known ? answer.redacted : '';
  at('signalements').replaceChildren(...(known ? answer.findings.map(row) : []));
});

form.addEventListener('submit', (event) => {
  const example = event.submitter?.dataset.text;
  event.preventDefault();
  if (example) text.value = example;
  text.dispatchEvent(new Event('input', { bubbles: true }));
  if (!example) for (const field of window.Vigie.fields) field.checkWhole();
  text.focus();
});

profile.addEventListener('change', () => {
  window.Vigie.useProfile(profile.value);
});
