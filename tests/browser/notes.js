// An export of invented notes, as a CRM writes them, to be rescanned.
const NOTES = [
  ['Client diabétique, demande livraison le matin', 'Nord', '2026-01-14'],
  ['Rappeler après 18 h, préfère le courriel', 'Nord', '2026-01-20'],
  ['Cliente enceinte, reporte le rendez-vous', 'Sud', '2026-02-03'],
  ['Syndiqué CGT, très revendicatif', 'Sud', '2026-02-11'],
  ['De confession musulmane, ne pas appeler pendant le ramadan', 'Est', '2026-03-02'],
  ['A fait de la prison pour vol', 'Est', '2026-03-09'],
  ['Commande expédiée, colis déposé chez le gardien', 'Est', '2026-03-15'],
  ['', 'Nord', '2026-03-16'],
  ['Client atteint d’un cancer du pancréas', 'Ouest', '2026-04-01'],
  ['Cliente dépressive depuis son divorce', 'Ouest', '2026-04-22'],
];

/** A CSV of so many rows, `;` between cells. */
export function csv(rows) {
  const lines = ['id;commentaire;equipe;date'];
  for (let i = 0; i < rows; i++) {
    const [note, team, date] = NOTES[i % NOTES.length];
    lines.push(`${i + 1};"${note}";${team};${date}`);
  }
  return lines.join('\r\n');
}
