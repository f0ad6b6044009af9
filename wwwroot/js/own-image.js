// Sends a picture of the student's own to the lab as it is. A form or the page's connection would take longer and could not say how far it is.

/** @returns the handle that DropZone.razor.cs disposes. */
export function attach(zone, page) {
  const leave = new AbortController(), options = { signal: leave.signal };
  const input = zone.querySelector('[data-file]');
  let request = null, told = -1;

  const tell = percent => {
    if (percent === told) return;
    told = percent;
    page.invokeMethodAsync('Progress', percent);
  };
  const fail = why => { request = null; page.invokeMethodAsync('Fail', why); };

  const send = file => {
    if (!file || request) return;
    if (file.size > Number(zone.dataset.most)) { fail(zone.dataset.tooLarge); return; }
    request = new XMLHttpRequest();
    told = -1;
    tell(0);
    request.upload.onprogress = event => { if (event.lengthComputable) tell(Math.min(99, Math.floor(100 * event.loaded / event.total))); };
    request.upload.onload = () => tell(100);
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* a proxy's own page */ }
      if (request.status !== 201) { fail(answer.detail ?? `The lab answered with ${request.status}.`); return; }
      request = null;
      page.invokeMethodAsync('DoneAsync', answer.id);
    };
    request.onerror = () => fail('The connection was lost during the upload. Try again.');
    request.open('POST', `api/images?runs=${encodeURIComponent(zone.dataset.runs)}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.send(file);
  };

  input.addEventListener('change', () => { send(input.files[0]); input.value = ''; }, options);
  zone.addEventListener('dragover', event => { event.preventDefault(); zone.toggleAttribute('data-over', true); }, options);
  zone.addEventListener('dragleave', () => zone.toggleAttribute('data-over', false), options);
  zone.addEventListener('drop', event => { event.preventDefault(); zone.toggleAttribute('data-over', false); send(event.dataTransfer.files[0]); }, options);

  zone.toggleAttribute('data-ready', true);
  return { dispose() { leave.abort(); request?.abort(); } };
}
