/** Where to go after signing in: a path of this site only, never another origin. */
export function safeNext(next: string | null | undefined): string {
  if (!next?.startsWith('/')) return '/';
  // A browser reads "//host" and "/\host" as another origin, and drops tabs and line ends before it does.
  const url = URL.canParse(next, 'http://same.invalid') ? new URL(next, 'http://same.invalid') : null;
  if (url?.origin !== 'http://same.invalid') return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}
