/**
 * What a plot shows under the pointer: the only script of a page, which reads well without it. A drawing names the
 * places of its readings (`data-x`, in its own units); what stands there is a row of the table below it, or of
 * `data-readings`. It also opens the folded run that an address points into.
 */
export const HOVER_SCRIPT = `
'use strict';
for (const drawing of document.querySelectorAll('.drawing')) {
  const figure = drawing.closest('figure');
  const own = drawing.dataset.readings ? JSON.parse(drawing.dataset.readings) : null;
  const words = (cells) => [...cells].map((cell) => cell.textContent.trim());
  const titles = own ? [] : words(figure.querySelectorAll('thead th'));
  const rows = own ?? [...figure.querySelectorAll('tbody tr')].map((row) =>
    words(row.children).map((text, at) => (at === 0 ? text : titles[at] + ' ' + text)));
  const box = document.createElement('div');
  box.className = 'reading';
  box.hidden = true;
  drawing.append(box);
  drawing.addEventListener('pointerleave', () => { box.hidden = true; });
  drawing.addEventListener('pointermove', (event) => {
    const svg = [...drawing.querySelectorAll('svg')].find(({ clientWidth }) => clientWidth > 0);
    const places = (svg?.dataset.x ?? '').split(' ').filter((x) => x !== '').map(Number);
    if (places.length === 0) return;
    const area = svg.getBoundingClientRect();
    const scale = area.width / svg.viewBox.baseVal.width;
    const x = (event.clientX - area.left) / scale;
    const nearest = places.reduce((best, place, at) => Math.abs(place - x) < Math.abs(places[best] - x) ? at : best, 0);
    box.replaceChildren(...(rows[nearest] ?? []).map((text) => Object.assign(document.createElement('div'), { textContent: text })));
    box.style.setProperty('--at', places[nearest] * scale + 'px');
    box.classList.toggle('left', places[nearest] * scale > area.width / 2);
    box.hidden = (rows[nearest] ?? []).length === 0;
  });
}
const unfold = () => {
  const fold = location.hash === '' ? null : document.querySelector(location.hash)?.closest('details');
  if (fold) { fold.open = true; document.querySelector(location.hash).scrollIntoView(); }
};
addEventListener('hashchange', unfold);
unfold();
`;
