// The page of a report: its button prints it.
const button = document.getElementById('imprimer');
button.hidden = false;
button.addEventListener('click', () => window.print());
