import { html } from './html.ts'
import { pin } from './pinned.ts'

/**
 * The looks of every page: system fonts, both colour schemes, from 320 pixels on; nothing is loaded. Every text has a
 * contrast of 4.5:1 at least, what marks a control 3:1.
 * @see https://www.w3.org/TR/WCAG22/#contrast-minimum
 */
export const STYLE = pin(html`
:root{color-scheme:light dark;--page:#f3f4f7;--card:#fff;--quiet:#f9fafb;--ink:#191c22;--soft:#565d6b;--line:#e1e4ea;--rim:#cbd0da;--edge:#868d9b;--mark:#e2a400;--accent:#3550c8;--on:#fff;--tint:#eef1fc;--bad:#a1181c;--bad-tint:#fdf0f0;--test:#6d4a00;--test-tint:#fff1cc;--shade:0 1px 2px #191c2214,0 8px 28px #191c220f}
@media(prefers-color-scheme:dark){:root{--page:#0f1115;--card:#181b21;--quiet:#14171c;--ink:#e9ebf0;--soft:#a3aab8;--line:#2b303a;--rim:#414856;--edge:#717a8a;--accent:#9fb2ff;--on:#10162c;--tint:#222942;--bad:#ffb0ae;--bad-tint:#351b1e;--test:#ffd98a;--test-tint:#3a2e10;--shade:none}}
*{box-sizing:border-box}
body{margin:0;border-top:.25rem solid var(--mark);min-height:100vh;display:flex;flex-direction:column;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
main{width:100%;max-width:32rem;margin:auto;padding:clamp(1rem,4vw,2.5rem) 1rem;display:grid;gap:1rem}
main.wide{align-items:start}
.card{background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:clamp(1.25rem,4vw,2rem);box-shadow:var(--shade);min-width:0}
.card.quiet{background:none;box-shadow:none}
h1,h2,p,dl,dd,ul{margin:0}
h1{font-size:1.625rem;line-height:1.2;letter-spacing:-.015em}
h2{font-size:1rem;line-height:1.4}
code{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code,strong,span,a{unicode-bidi:isolate}
a{color:var(--accent);text-underline-offset:.2em}
hr{border:0;border-top:1px solid var(--line);margin:1.25rem 0 0}
.card>*+*,#anyone>*+*{margin-top:1rem}
#anyone{margin-top:1.75rem}
.bits>*+*::before{content:"· "}
.sub{color:var(--soft);font-size:.875rem;font-weight:400}
.unseen,.frames{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
header{display:flex;justify-content:space-between;align-items:flex-start;gap:.75rem}
.lead{margin-top:.375rem;color:var(--soft)}
.lead strong{color:var(--ink)}
header>div{min-width:0}
img{max-width:7rem;max-height:3.25rem;border-radius:.5rem}
.note,.problem{padding:.75rem 1rem;border-radius:.625rem;background:var(--tint)}
.problem{background:var(--bad-tint);color:var(--bad)}
button,.button{display:block;width:100%;min-height:2.75rem;padding:.5rem 1rem;border:1px solid var(--edge);border-radius:.625rem;background:none;color:inherit;font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
button:hover,.button:hover{border-color:var(--accent);background:var(--tint)}
.primary,.primary:hover{border-color:var(--accent);background:var(--accent);color:var(--on)}
.primary:hover{filter:brightness(1.08)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.bare{border-color:transparent;color:var(--soft)}
.actions{display:grid;gap:.75rem}
.people{display:grid;gap:.625rem}
.user{position:relative;display:flex;align-items:center;gap:.875rem;padding:.75rem .875rem;border-color:var(--rim);background:var(--card);font-weight:400;text-align:start}
.user::after{content:"";flex:none;width:.5rem;height:.5rem;margin-right:.25rem;border:solid var(--edge);border-width:2px 2px 0 0;transform:rotate(45deg)}
.user:hover::after{border-color:var(--accent)}
.who{display:flex;align-items:center;gap:.875rem}
.person{display:grid;min-width:0;flex:1;line-height:1.35}
.avatar{flex:none;display:grid;place-items:center;width:2.5rem;height:2.5rem;border-radius:50%;background:var(--accent);color:#fff;font-size:.875rem;font-weight:600}
.avatar::before{content:attr(data-initials)}
.hue-0{background:#3550c8}.hue-1{background:#0f7268}.hue-2{background:#9a3412}.hue-3{background:#7a35b8}.hue-4{background:#a8225f}.hue-5{background:#47566b}
.chips{display:flex;flex-wrap:wrap;gap:.25rem;margin-top:.375rem}
.chip{padding:.0625rem .5rem;border:1px solid var(--line);border-radius:1rem;font-size:.75rem;color:var(--soft)}
.role{background:var(--tint);border-color:transparent;color:var(--ink)}
.hint{position:absolute;top:-.625rem;right:.75rem;background:var(--card);border-color:var(--accent);color:var(--accent)}
.field{margin-bottom:1rem}
label{display:block;margin-bottom:.375rem;font-weight:600}
label .sub{display:block}
input,textarea{display:block;width:100%;min-height:2.75rem;padding:.5rem .75rem;border:1px solid var(--edge);border-radius:.625rem;background:var(--card);color:inherit;font:inherit}
textarea{font:.875rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;resize:vertical}
::placeholder{color:var(--soft);opacity:1}
[aria-invalid]{border-color:var(--bad);box-shadow:0 0 0 1px var(--bad)}
summary{min-height:2.75rem;padding:.5rem 0;cursor:pointer;color:var(--soft)}
details{margin-bottom:1rem}
.facts{display:grid;gap:1rem}
dt{color:var(--soft);font-size:.8125rem}
.facts ul{list-style:none;padding:0;display:grid;gap:.375rem}
.links{display:flex;flex-wrap:wrap;column-gap:1rem}
.links a{padding:.25rem 0}
@media(pointer:coarse){.links a{padding:.625rem 0}}
.links .sub{flex-basis:100%}
.row{grid-template-columns:repeat(auto-fit,minmax(11rem,1fr))}
table{width:100%;border-collapse:collapse}
th,td{display:block;padding:0;text-align:start;vertical-align:top}
th{padding-top:.625rem;color:var(--soft);font-size:.8125rem;font-weight:400}
td{padding-bottom:.625rem}
tr+tr{border-top:1px solid var(--line)}
tr{display:block}
footer{padding:1rem;text-align:center;color:var(--soft);font-size:.8125rem}
footer p{max-width:60rem;margin:auto}
.test{padding:.125rem .5rem;border-radius:1rem;background:var(--test-tint);color:var(--test);white-space:nowrap}
@media(min-width:56rem){main.wide{max-width:60rem;grid-template-columns:minmax(0,1.35fr) minmax(0,1fr);gap:1.5rem}}
@media(prefers-reduced-motion:no-preference){button,.button{transition:background-color .12s,border-color .12s}}
`)
