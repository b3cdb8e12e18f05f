/**
 * The page's looks. System fonts only; colours follow the reader's light or dark theme; each plot comes wide
 * and narrow, and one of them is shown.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #faf9f6; --card: #ffffff; --ink: #20242b; --muted: #5c646f; --line: #e5e3dc; --planned: #efede6;
  --good: #1d7a52; --bad: #b3392f; --doubtful: #8a6100; --accent: #2563a8;
  --c1: #2563a8; --c2: #c25f12; --c3: #23825f; --c4: #b03a6b; --c5: #6b56b3; --c6: #66707c;
  --e1: #b3392f; --e2: #e08a3c; --e3: #7d1f3f; --e4: #d9695f; --e5: #a8791a; --e6: #5a2a1c; --limit: #8a6100; --shadow: #20242b33;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --card: #1b1f25; --ink: #e7e6e1; --muted: #9ea6b1; --line: #2d333b; --planned: #262b32;
    --good: #62c699; --bad: #f08b80; --doubtful: #e0b458; --accent: #86b6ee;
    --c1: #7fb2ef; --c2: #ef9f5f; --c3: #66c7a2; --c4: #ee8fb4; --c5: #b1a1f0; --c6: #a5aeb9;
    --e1: #f08b80; --e2: #f2b56b; --e3: #d76a94; --e4: #c9483c; --e5: #e0c458; --e6: #b98a76; --limit: #e0b458; --shadow: #000000aa;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
.page { max-width: 1200px; margin: 0 auto; padding: 40px 24px 64px; }
a { color: var(--accent); text-underline-offset: 2px; }
h1, h2, h3 { line-height: 1.2; letter-spacing: -0.01em; margin: 0; font-weight: 620; }
h1 { font-size: 30px; }
h2 { font-size: 25px; }
h3 { font-size: 18px; margin: 44px 0 14px; }
h4 { font-size: 15px; font-weight: 620; margin: 0; }
.kicker { color: var(--muted); font-size: 13px; margin: 0 0 6px; }
.facts { color: var(--muted); margin: 10px 0 0; display: flex; flex-wrap: wrap; gap: 2px 22px; padding: 0; list-style: none; }
.facts b { font-weight: 500; color: var(--ink); }
.run { margin-top: 28px; }
.run + .run { border-top: 1px solid var(--line); margin-top: 64px; padding-top: 48px; }
.index { margin: 24px 0 0; }
.answers { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 14px; margin: 26px 0 0; }
.answer { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--muted); border-radius: 8px; padding: 16px 20px 18px; margin: 0; }
.answer.whole { grid-column: 1 / -1; }
.answer dt { color: var(--muted); font-size: 13px; }
.answer dd { margin: 0; }
.answer .short { font-size: 19px; font-weight: 620; margin: 2px 0 6px; line-height: 1.3; }
.answer .more { color: var(--ink); font-size: 14px; margin: 4px 0 0; }
.answer.good { border-left-color: var(--good); } .answer.good .short { color: var(--good); }
.answer.bad { border-left-color: var(--bad); } .answer.bad .short { color: var(--bad); }
.answer.doubtful { border-left-color: var(--doubtful); } .answer.doubtful .short { color: var(--doubtful); }
.tiles { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 1px; margin: 14px 0 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.tile { background: var(--card); padding: 14px 16px; margin: 0; box-shadow: 0 0 0 1px var(--line); }
.tile dt { color: var(--muted); font-size: 13px; }
.tile dd { margin: 0; font-size: 21px; font-weight: 600; line-height: 1.35; white-space: nowrap; }
.tile dd small { font-size: 13px; font-weight: 400; color: var(--muted); }
.tile .range { display: block; font-size: 12px; font-weight: 400; color: var(--muted); white-space: normal; line-height: 1.4; }
.scroll {
  overflow-x: auto; border: 1px solid var(--line); border-radius: 8px;
  background:
    linear-gradient(to right, var(--card) 30%, transparent) left / 36px 100% no-repeat local,
    linear-gradient(to left, var(--card) 30%, transparent) right / 36px 100% no-repeat local,
    linear-gradient(to right, var(--shadow), transparent) left / 12px 100% no-repeat scroll,
    linear-gradient(to left, var(--shadow), transparent) right / 12px 100% no-repeat scroll,
    var(--card);
}
.scroll:focus-visible, summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
caption { text-align: left; color: var(--muted); font-size: 13px; padding: 10px 14px 4px; }
th, td { padding: 7px 12px; text-align: right; white-space: nowrap; border-top: 1px solid var(--line); }
thead th { color: var(--muted); font-weight: 500; font-size: 13px; border-top: 0; }
th[scope=row], th.text, td.text { text-align: left; font-weight: 500; }
td.text { font-weight: 400; }
td.wrap, th.wrap { white-space: normal; }
td.sentence { min-width: 18em; }
th[scope=row] { min-width: 11em; max-width: 320px; white-space: normal; }
details th[scope=row] { min-width: 0; }
.plots { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 14px; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 16px 18px 12px; min-width: 0; }
figcaption p { color: var(--muted); font-size: 13px; margin: 2px 0 0; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; list-style: none; margin: 8px 0 4px; padding: 0; font-size: 13px; }
.legend li { display: flex; align-items: center; gap: 7px; }
.legend svg { flex: none; }
.plot { display: block; width: 100%; height: auto; }
.drawing { position: relative; }
.reading { position: absolute; top: 4px; left: calc(var(--at) + 10px); z-index: 1; pointer-events: none; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 5px 9px; font-size: 12px; line-height: 1.45; white-space: nowrap; box-shadow: 0 2px 8px var(--shadow); }
.reading.left { left: auto; right: calc(100% - var(--at) + 10px); }
.reading div:first-child { color: var(--muted); }
.reading::before { content: ''; position: absolute; top: -4px; height: 190px; left: -11px; border-left: 1px solid var(--muted); }
.reading.left::before { left: auto; right: -11px; }
.capacity, .overlay { margin-top: 14px; }
.fold { margin-top: 14px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
.fold > summary { padding: 12px 20px; font-size: 17px; font-weight: 620; color: var(--ink); }
.fold > .run { margin: 0; padding: 4px 20px 24px; background: var(--paper); border-top: 1px solid var(--line); border-radius: 0 0 8px 8px; }
.plot.narrow { display: none; }
details { margin-top: 8px; font-size: 14px; }
summary { cursor: pointer; color: var(--muted); font-size: 13px; padding: 2px 0; }
details .scroll { margin-top: 8px; max-height: 340px; overflow-y: auto; }
details thead th { position: sticky; top: 0; background: var(--card); }
details td, details th { padding: 4px 12px; font-size: 13px; }
.notes { margin: 0; padding-left: 20px; }
.notes li + li { margin-top: 4px; }
.yes { color: var(--good); } .no { color: var(--bad); }
.live-state { margin-top: 4px; }
progress { width: 100%; height: 6px; margin-top: 10px; accent-color: var(--accent); }
button { font: inherit; padding: 6px 14px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); color: var(--bad); cursor: pointer; }
button:disabled { color: var(--muted); cursor: default; }
code { font: 0.93em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
footer { margin-top: 56px; color: var(--muted); font-size: 13px; }
@media (max-width: 900px) {
  .plots { grid-template-columns: minmax(0, 1fr); }
}
@media (max-width: 620px) {
  .page { padding: 24px 14px 48px; }
  h1 { font-size: 25px; } h2 { font-size: 22px; }
  .answers { grid-template-columns: minmax(0, 1fr); }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .tile { padding: 12px 12px; } .tile dd { font-size: 18px; }
  figure { padding: 14px 12px 10px; }
  .plot.wide { display: none; } .plot.narrow { display: block; }
  th, td { padding: 6px 10px; }
  th[scope=row] { max-width: 150px; }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --card: #fff; --ink: #000; --muted: #444; --line: #ccc; --planned: #eee;
    --good: #0c5c3a; --bad: #8f1d14; --doubtful: #6b4b00; --accent: #000;
    --c1: #1d4f88; --c2: #a84f0b; --c3: #1c6b4e; --c4: #8f2c56; --c5: #574595; --c6: #4e5761;
  }
  body { font-size: 11pt; }
  .page { max-width: none; padding: 0; }
  .plots { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .plot.wide { display: none; } .plot.narrow { display: block; }
  figure, .answer, .tiles, tr { break-inside: avoid; }
  h3 { break-after: avoid; }
  details:not([open]):not(.fold) { display: none; }
  .fold { border: 0; } .fold::details-content { content-visibility: visible; display: block; }
  .scroll { overflow: visible; max-height: none; }
  .run + .run { break-before: page; border: 0; }
}
`;
