// Sends the file of a new rescan while it says how far it is. Without this, the browser sends the form by itself.
const form = document.getElementById('depot');
const said = document.getElementById('depot-etat');
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const button = form.querySelector('button');
  const request = new XMLHttpRequest();
  const percent = new Intl.NumberFormat('fr-FR', { style: 'percent' });
  const stop = (words) => {
    button.disabled = false;
    said.textContent = words;
  };
  request.upload.onprogress = ({ loaded, total }) => {
    said.textContent = `Envoi : ${percent.format(loaded / total)}`.replace(' :', '\u00a0:');
  };
  request.onload = () => {
    if (request.status < 300) window.location.assign(request.responseURL);
    else {
      const page = new DOMParser().parseFromString(request.responseText, 'text/html');
      stop(page.querySelector('.lead')?.textContent ?? 'Le fichier n’a pas été accepté.');
    }
  };
  request.onerror = () => stop('Le service ne répond pas. Réessayez.');
  request.open('POST', form.action);
  button.disabled = true;
  request.send(new FormData(form));
});
