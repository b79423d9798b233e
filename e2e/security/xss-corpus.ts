/**
 * Texts that run a script in a page which trusts them. `ran(N)` tells on itself; N is the payload's number.
 * What a payload needs to run says its kind: being parsed as HTML, standing in an attribute or an address, or going
 * through a careless Markdown or formula renderer.
 */
export type PayloadKind = 'html' | 'attribute' | 'link' | 'markdown' | 'math';
export interface Payload {
  number: number;
  kind: PayloadKind;
  text: string;
  /** Runs in the control, a page without any guard; the others need a renderer that nobody has here. */
  runs: boolean;
}

const html = [
  '<script>ran(N)</script>',
  '<ScRiPt>ran(N)</sCrIpT>',
  '<script/x>ran(N)</script>',
  '<script src=data:text/javascript,ran(N)></script>',
  '<script type=module>ran(N)</script>',
  '<img src=x onerror=ran(N)>',
  '<img src onerror=ran(N)>',
  '<IMG SRC=x ONERROR=ran(N)>',
  '<img/src/onerror=ran(N)>',
  '<img src="x" onerror="ran(N)">',
  '<img src=x onerror=ran&#40;N&#41;>',
  '<img src=x: onerror=ran(N) <p>',
  '<image src=x onerror=ran(N)>',
  '<img srcset=x onerror=ran(N)>',
  '<svg onload=ran(N)>',
  '<svg/onload=ran(N)>',
  '<svg><script>ran(N)</script></svg>',
  '<svg><script>ran&lpar;N&rpar;</script></svg>',
  '<svg><animate onbegin=ran(N) attributeName=x dur=1s>',
  '<svg><set onbegin=ran(N) attributeName=x>',
  '<svg><image href=x: onerror=ran(N)>',
  '<svg><style><img src=x onerror=ran(N)>',
  '<math><mtext><img src=x onerror=ran(N)></mtext></math>',
  '<math><style><img src=x onerror=ran(N)></style></math>',
  '<body onload=ran(N)>',
  '<body onpageshow=ran(N)>',
  '<details open ontoggle=ran(N)>',
  '<video src=x onerror=ran(N)></video>',
  '<video><source src=x onerror=ran(N)></video>',
  '<audio src=x onerror=ran(N)></audio>',
  '<input type=image src=x onerror=ran(N)>',
  '<link rel=stylesheet href=x: onerror=ran(N)>',
  '<img src=x onerror=\'eval("ran(N)")\'>',
  '<iframe src=javascript:parent.ran(N)></iframe>',
  "<iframe srcdoc='<script>parent.ran(N)</script>'></iframe>",
  '<iframe onload=ran(N)></iframe>',
  '<style onload=ran(N)></style>',
  "<style>@keyframes k{}</style><b style='animation:k 1s' onanimationstart=ran(N)>b</b>",
  '<!--><img src=x onerror=ran(N)>-->',
  '--><img src=x onerror=ran(N)>',
  '</title><img src=x onerror=ran(N)>',
  '</textarea><img src=x onerror=ran(N)>',
  '</script><img src=x onerror=ran(N)>',
  '</style><img src=x onerror=ran(N)>',
  ']]><img src=x onerror=ran(N)>',
  "<noscript><p title='</noscript><img src=x onerror=ran(N)>'>",
  '<template><p></template><img src=x onerror=ran(N)>',
  '<xss></xss><img src=x onerror=ran(N)>',
  '<<img src=x onerror=ran(N)>>',
  '<form><math><mtext></form><img src=x onerror=ran(N)>',
];
/** Stand between the quotes of an attribute, and leave it. */
const attribute = [
  '" autofocus onfocus=ran(N) x="',
  '" onmouseover=ran(N) x="',
  '" onclick="ran(N)',
  '"><svg onload=ran(N)>',
  '"><script>ran(N)</script>',
  '"><img src=x onerror="ran(N)',
];
const link = [
  'javascript:ran(N)',
  'JaVaScRiPt:ran(N)',
  'java\tscript:ran(N)',
  'java\nscript:ran(N)',
  '\u0001javascript:ran(N)',
  'javascript://x%0aran(N)',
  'javascript:/*</title></style></script>*/ran(N)',
];
const markdown = [
  '[m](javascript:ran(N))',
  '[m](JaVaScRiPt:ran(N))',
  '[m](java&#115;cript:ran(N))',
  '[m](javascript&colon;ran(N))',
  '[<img src=x onerror=ran(N)>](https://example.org)',
  '**<img src=x onerror=ran(N)>**',
  '# <svg onload=ran(N)>',
  '> <img src=x onerror=ran(N)>',
];
const unrunMarkdown = [
  '![m](javascript:ran(N))',
  '[m](vbscript:ran(N))',
  '[m](data:text/html,<script>ran(N)</script>)',
  '<javascript:ran(N)>',
  '[m][n]\n\n[n]: javascript:ran(N)',
  '[m](https://example.org" onmouseover="ran(N))',
];
const unrunMath = [
  '$\\href{javascript:ran(N)}{x}$',
  '$\\url{javascript:ran(N)}$',
  '$\\htmlData{x=" onmouseover=ran(N) "}{y}$',
  '$\\htmlStyle{background:url(javascript:ran(N))}{y}$',
  '$\\includegraphics[alt=" onerror=ran(N) "]{x}$',
];
const math = ['$\\text{<img src=x onerror=ran(N)>}$'];

const of = (kind: PayloadKind, texts: readonly string[], runs = true) => texts.map((text) => ({ kind, text, runs }));

export const payloads: Payload[] = [
  ...of('html', html),
  ...of('attribute', attribute),
  ...of('link', link),
  ...of('markdown', markdown),
  ...of('markdown', unrunMarkdown, false),
  ...of('math', math),
  ...of('math', unrunMath, false),
].map((payload, number) => ({
  ...payload,
  number,
  text: payload.text.replace(/(?<=ran(?:\(|&#40;|&lpar;))N/g, String(number)),
}));

export const textsOf = (...kinds: PayloadKind[]): string[] =>
  payloads.filter(({ kind }) => kinds.includes(kind)).map(({ text }) => text);

/** Names are short: one of these with a number of its own for every place that shows one. */
export const nameOf = (number: number): string =>
  [`<img src onerror=ran(${number})>`, `<svg/onload=ran(${number})>`, `"><script>ran(${number})</script>`][number % 3]!;

/** The payload in a page that trusts it. */
export function unguarded({ kind, text }: Payload): string {
  if (kind === 'attribute') return `<input value="${text}">`;
  if (kind === 'link') return `<a href="${text}">link</a>`;
  if (kind !== 'markdown') return text;
  return text
    .replace(/^\[(.*?)\]\((.+)\)$/s, '<a href="$2">$1</a>')
    .replace(/^\*\*(.*)\*\*$/, '<b>$1</b>')
    .replace(/^[#>] /, '');
}
