/**
 * What the live page runs in the browser: it puts the parts that the launcher sends into their places, and asks it to
 * stop. The launcher escapes all text in them.
 */
export const LIVE_SCRIPT = `
'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const narrow = matchMedia('(max-width: 620px)');
  let source = null;

  const place = (id, html) => {
    let part = byId(id);
    if (part === null) {
      part = document.createElement('div');
      part.id = id;
      byId('plots').append(part);
    }
    part.innerHTML = html;
  };
  const connect = () => {
    source?.close();
    source = new EventSource('events?size=' + (narrow.matches ? 'narrow' : 'wide'));
    source.addEventListener('parts', (event) => {
      for (const [id, html] of Object.entries(JSON.parse(event.data))) place(id, html);
    });
    source.addEventListener('report', () => {
      source.close();
      location.replace('report');
    });
    source.onerror = () => {
      source.close();
      byId('stop').hidden = true;
      byId('lost').hidden = false;
    };
  };
  byId('stop').addEventListener('click', async () => {
    if (!confirm('Stop the run? It ends as after Ctrl-C, with what it has measured so far.')) return;
    byId('stop').disabled = true;
    const { ok } = await fetch('stop', { method: 'POST' }).catch(() => ({ ok: false }));
    byId('stop').textContent = ok ? 'Stopping' : 'It cannot be stopped any more';
  });
  narrow.addEventListener('change', connect);
  connect();
})();
`;
