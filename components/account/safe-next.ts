const SITE = 'http://same.invalid';

/** Where to go after signing in: a path of this site only, never another origin. */
export function safeNext(next: string | null | undefined): string {
  if (!next?.startsWith('/')) return '/';
  // A browser reads "//host" and "/\host" as another origin, drops tabs and line ends before it does, and takes dots out.
  const url = here(next);
  const path = url && `${url.pathname}${url.search}${url.hash}`;
  // "/.//host" is a path, but what is left of it without the dot is "//host": it must be a path still.
  return path && here(path)?.href === url.href ? path : '/';
}

/** As this site's pages resolve an address; null for another site's. */
function here(address: string): URL | null {
  const url = URL.canParse(address, SITE) ? new URL(address, SITE) : null;
  return url?.origin === SITE ? url : null;
}
