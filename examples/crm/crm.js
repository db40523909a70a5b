// Stands for the CRM's own code: it saves nothing, and says that it would have.
document.getElementById('fiche').addEventListener('submit', (event) => {
  event.preventDefault();
  document.getElementById('etat').textContent = 'Fiche enregistrée.';
});
document.getElementById('fiche').addEventListener('input', () => {
  document.getElementById('etat').textContent = '';
});
