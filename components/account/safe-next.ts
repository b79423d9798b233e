const SITE = 'http://same.invalid';

/** The path to open after signing in. Addresses of other origins become '/', so that `next` cannot redirect to them. */
export function safeNext(next: string | null | undefined): string {
  if (!next?.startsWith('/')) return '/';
  // Browsers read "//host" and "/\host" as another origin, after removing tabs, line breaks and dot segments.
  // out.
  const url = resolveOnSite(next);
  const path = url && `${url.pathname}${url.search}${url.hash}`;
  // "/.//host" is a path, but without its dot segment it becomes "//host", so the result is checked again.
  return path && resolveOnSite(path)?.href === url.href ? path : '/';
}

/** Resolves an address as the site's pages would; null when its origin is another one. */
function resolveOnSite(address: string): URL | null {
  const url = URL.canParse(address, SITE) ? new URL(address, SITE) : null;
  return url?.origin === SITE ? url : null;
}
