import { html } from '../pages/html.ts'
import { type Pinned, pin } from '../pages/pinned.ts'

/**
 * Quiet and dense: system fonts, both colour schemes, from 320 pixels on. Every text has a contrast of 4.5:1 at least,
 * what marks a control 3:1.
 * @see https://www.w3.org/TR/WCAG22/#contrast-minimum
 */
export const STYLE: Pinned = pin(html`
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#191c22;--soft:#565d6b;--line:#e1e4ea;--edge:#868d9b;--mark:#e2a400;--accent:#3550c8;--tint:#eef1fc;--ok:#1c6b3c;--ok-tint:#e6f4ea;--bad:#a1181c;--bad-tint:#fdf0f0;--open:#6d4a00;--open-tint:#fff1cc}
@media(prefers-color-scheme:dark){:root{--page:#0f1115;--card:#171a20;--ink:#e6e8ed;--soft:#a3aab8;--line:#2b303a;--edge:#717a8a;--accent:#9fb2ff;--tint:#222942;--ok:#8fd9a8;--ok-tint:#15301f;--bad:#ffb0ae;--bad-tint:#351b1e;--open:#ffd98a;--open-tint:#3a2e10}}
*{box-sizing:border-box}
body{margin:0;border-top:.25rem solid var(--mark);background:var(--page);color:var(--ink);font:.875rem/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
body>*{max-width:84rem;margin-inline:auto;padding-inline:1rem}
h1,h2,h3,h4,p,ul,ol,dl,dd,pre{margin:0}
ul,ol{padding:0;list-style:none}
h1{font-size:1.25rem;line-height:1.3;letter-spacing:-.01em}
h2{font-size:.9375rem}
h3{font-size:.875rem;margin-top:1.25rem}
h4{font-size:.875rem;font-weight:600}
code,pre,time{font:.8125rem/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{white-space:pre-wrap}
code,strong,span,a{unicode-bidi:isolate}
a{color:var(--accent);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
main:focus,h2:focus{outline:0}
.skip:not(:focus){position:absolute;width:1px;height:1px;padding:0;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;top:.5rem;left:.5rem;padding:.375rem .75rem;background:var(--card);border-radius:.25rem}
html:not(.scripted) .acts{display:none}
html.scripted .tenant .plain{display:none}
.hint,.meta,.label,.nothing,.count,.ms,.time,.http,.own,.date,.from,footer{color:var(--soft)}
.hint,.meta,.label,.ms,.time,.http,.from,.date{font-size:.8125rem}
header,.tools{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1.5rem;padding-block:.625rem}
.brand{font-weight:700}
.brand a{color:inherit;text-decoration:none}
.test,.badge{padding:.0625rem .4375rem;border-radius:.75rem;font-size:.75rem;font-weight:600;white-space:nowrap}
.test,.badge.open,.badge.warning{background:var(--open-tint);color:var(--open)}
.badge.ok{background:var(--ok-tint);color:var(--ok)}
.badge.refused,.badge.error{background:var(--bad-tint);color:var(--bad)}
.badge.info{background:var(--tint);color:var(--accent)}
.issuer{min-width:0}
.tools{padding-block:.5rem;border-block:1px solid var(--line);justify-content:space-between;max-width:none;padding-inline:max(1rem,calc((100% - 82rem)/2));background:var(--card)}
.clock{display:flex;flex-wrap:wrap;align-items:center;gap:.375rem .625rem}
.group{display:inline-flex;flex-wrap:wrap;gap:.25rem}
button,select,input{min-height:1.875rem;padding:.1875rem .5625rem;border:1px solid var(--edge);border-radius:.3125rem;background:var(--card);color:inherit;font:inherit;font-size:.8125rem}
button{cursor:pointer;font-weight:500;white-space:nowrap}
button:hover{border-color:var(--accent);background:var(--tint)}
button.small{min-height:1.5rem;padding:0 .375rem;border-color:var(--line);font-size:.75rem;color:var(--soft)}
button.small:hover{color:var(--ink)}
select,input{max-width:100%;color:var(--ink)}
label{color:var(--soft);font-size:.8125rem}
::placeholder{color:var(--soft);opacity:1}
form{display:flex;flex-wrap:wrap;align-items:center;gap:.375rem .625rem}
.search{margin-top:.5rem}
.search input{flex:1 1 10rem;min-width:8rem}
.search .hint{flex-basis:100%}
nav ul{display:flex;flex-wrap:wrap;gap:0 1.25rem;border-bottom:1px solid var(--line)}
nav a{display:block;padding:.625rem 0 .5rem;border-bottom:2px solid transparent;color:var(--soft);text-decoration:none;font-weight:500}
nav a:hover{color:var(--ink)}
nav a[aria-current]{color:var(--ink);border-color:var(--accent)}
.count{font-weight:400;font-variant-numeric:tabular-nums}
#said:not(:empty){margin-top:.75rem;padding:.375rem .75rem}
.problem{padding:.5rem .75rem;border-radius:.3125rem;background:var(--bad-tint);color:var(--bad)}
main{padding-block:1rem 2rem}
.nothing{padding:1rem 0}
footer{padding-block:1rem;font-size:.8125rem;border-top:1px solid var(--line)}
.flows{margin-top:.75rem;display:grid;gap:.625rem}
.flow{padding:.625rem .75rem .375rem;background:var(--card);border:1px solid var(--line);border-radius:.4375rem;min-width:0}
.flow>header{padding:0;gap:.125rem .75rem;justify-content:space-between}
.flow .meta{font-variant-numeric:tabular-nums;white-space:nowrap}
.at{font-weight:400}
.at i{font-style:normal;color:var(--soft)}
.steps{margin:.375rem -.375rem 0}
.steps li{position:relative}
.steps a{display:grid;grid-template-columns:6.75rem minmax(0,1fr) auto 4.25rem;gap:0 .75rem;align-items:baseline;padding:.1875rem .375rem .1875rem 1.375rem;border-radius:.25rem;color:inherit;text-decoration:none}
.steps a:hover{background:var(--tint)}
.steps a[aria-current]{background:var(--tint);box-shadow:inset 2px 0 var(--accent)}
.steps li::before{content:"";position:absolute;left:.5625rem;top:.6875rem;width:.4375rem;height:.4375rem;border-radius:50%;background:var(--edge);z-index:1}
.steps li.refused::before{background:var(--bad);border-radius:0;transform:rotate(45deg)}
.steps li:not(:last-child)::after{content:"";position:absolute;left:.75rem;top:.75rem;bottom:-.75rem;border-left:1px solid var(--line)}
.steps strong{font-weight:600}
.time,.ms,.http{font-variant-numeric:tabular-nums;white-space:nowrap}
.time{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.75rem}
.ms{text-align:end}
.why{margin:0 .375rem .25rem 8.875rem;color:var(--bad);font-size:.8125rem}
.split,.whole{display:grid;gap:1.5rem}
.list,.side{min-width:0}
.side h2{margin-bottom:.5rem}
.side li{padding:.375rem 0;border-top:1px solid var(--line)}
.side p{margin-top:.5rem}
.details{min-width:0}
.details h2{font-size:1.0625rem}
.details h2 code{font-size:1rem}
.back{margin-bottom:.5rem}
.details .problem{margin-top:.625rem}
.facts{display:flex;flex-wrap:wrap;gap:.5rem 1.75rem;margin-top:.75rem}
dt{color:var(--soft);font-size:.75rem}
details{margin-top:.375rem}
summary{padding:.1875rem 0;cursor:pointer;color:var(--soft);font-size:.8125rem}
details pre,.lines pre{padding:.625rem .75rem;background:var(--card);border:1px solid var(--line);border-radius:.3125rem;max-height:32rem;overflow:auto}
.url{margin-top:.25rem}
table{width:100%;margin-top:.375rem;border-collapse:collapse;background:var(--card);border:1px solid var(--line)}
th,td{padding:.3125rem .625rem;text-align:start;vertical-align:top;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--soft);font-size:.75rem;font-weight:500}
tbody th{font-weight:400}
th,td{min-width:6.5rem}
.line{min-width:9rem}
.values,.claims{table-layout:fixed}
.values th{color:var(--soft)}
.values th,.claims th:first-child{width:9rem}
.claims th:last-child{width:42%}
.claims td:last-child{color:var(--soft);font-size:.8125rem}
.date,.from,.line{display:block}
.from{font-style:italic}
.token{margin-top:.625rem}
.token .meta{font-weight:400}
.notes li{margin-top:.375rem;padding:.375rem .625rem;border-radius:.3125rem;background:var(--open-tint);color:var(--open)}
.findings{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,32rem),1fr));gap:.625rem;margin-top:.625rem}
.finding{padding:.625rem .75rem;background:var(--card);border:1px solid var(--line);border-radius:.4375rem}
.finding h2{font-size:.875rem}
.finding p{margin-top:.25rem;max-width:70ch}
.chips{display:flex;flex-wrap:wrap;gap:.25rem}
.chips code{padding:0 .3125rem;border:1px solid var(--line);border-radius:.25rem;font-size:.75rem}
.chips+.chips{margin-top:.25rem}
.copyable{display:inline-flex;flex-wrap:wrap;align-items:center;gap:.25rem .375rem}
.lines{display:flex;align-items:start;gap:.5rem;margin-top:.25rem}
.lines pre{flex:1;min-width:0;padding:.375rem .625rem}
.steps-first{max-width:46rem;padding:1.25rem 0}
.steps-first ol{counter-reset:step;display:grid;gap:.875rem;margin:.875rem 0}
.steps-first li{counter-increment:step;padding-left:1.75rem;position:relative}
.steps-first li::before{content:counter(step);position:absolute;left:0;width:1.25rem;height:1.25rem;border-radius:50%;background:var(--tint);color:var(--accent);font-size:.75rem;font-weight:600;text-align:center;line-height:1.25rem}
.next{padding:.625rem .75rem;margin-top:.625rem;background:var(--card);border:1px solid var(--line);border-radius:.4375rem}
.next h2{flex-basis:100%}
.next p{flex-basis:100%}
.actions{margin-top:.625rem}
.actions{display:grid;gap:.375rem;margin-bottom:.75rem}
.actions li{display:flex;align-items:center;gap:.625rem;color:var(--soft)}
.actions button{flex:none;width:6.5rem;color:var(--ink)}
.waiting{margin:.625rem 0 .375rem}
section+section{margin-top:1.25rem}
.split>section{margin-top:0}
.refusal{max-width:40rem;display:grid;gap:.75rem;padding-block:3rem}
@media(min-width:68rem){.split{grid-template-columns:minmax(0,27rem) minmax(0,1fr)}.split .steps a{grid-template-columns:minmax(0,1fr) auto}.split .time,.split .ms{display:none}.split .why{margin-left:1.375rem}.details{position:sticky;top:0;max-height:100vh;overflow:auto;padding:.125rem .25rem 1rem;align-self:start}.whole{grid-template-columns:minmax(0,1fr) 18rem}}
@media(max-width:67.99rem){.split .list,.side{display:none}}
@media(max-width:42rem){.steps a{grid-template-columns:minmax(0,1fr) auto}.what{grid-column:1;grid-row:1}.http{grid-column:2;grid-row:1}.time{grid-column:1}.ms{grid-column:2}.why{margin-left:1.375rem}thead{display:none}tr,th,td{display:block;min-width:0}tbody th,td,.values th,.claims th:first-child{width:auto}tbody tr{padding:.375rem 0;border-top:1px solid var(--line)}tbody tr:first-child{border-top:0}th,td{padding:.125rem .625rem;border:0}td:empty{display:none}[data-label]::before{content:attr(data-label);display:block;color:var(--soft);font-size:.75rem}}
@media(pointer:coarse){button,select,input{min-height:2.25rem}button.small{min-height:1.875rem}.steps a{padding-block:.375rem}}
@media(prefers-reduced-motion:no-preference){button,.steps a{transition:background-color .1s}}
`)
