/**
 * The theme's colours as a canvas understands them: a custom property may hold light-dark(), which only the style
 * engine resolves, so a probe element wears the colour and its computed style is read.
 */
export function resolveColors<Name extends string>(
  near: HTMLElement,
  names: Readonly<Record<Name, string>>,
): Record<Name, string> {
  const probe = document.createElement('span');
  probe.style.display = 'none';
  near.append(probe);
  const resolved = {} as Record<Name, string>;
  for (const name of Object.keys(names) as Name[]) {
    probe.style.color = names[name];
    resolved[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return resolved;
}

/** Calls `listener` when the theme changes between light and dark. @returns the function that unsubscribes */
export function onThemeChange(listener: () => void): () => void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', listener);
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => {
    dark.removeEventListener('change', listener);
    observer.disconnect();
  };
}
