/** Models may be added from one hub only, which HUB_ORIGIN names; this is the default. */
const DEFAULT_HUB = 'https://huggingface.co';

/** Scheme and host without a trailing slash. @throws Error when HUB_ORIGIN is not a URL */
export function hubOrigin(): string {
  const configured = process.env.HUB_ORIGIN || DEFAULT_HUB;
  if (!/^https?:\/\//.test(configured) || !URL.canParse(configured)) {
    throw new Error(`HUB_ORIGIN is "${configured}"; it must be an address like ${DEFAULT_HUB}.`);
  }
  return new URL(configured).origin;
}

/**
 * The sources that a Content-Security-Policy has to allow for that hub: its origin and, for the default hub, the hosts
 * to which it redirects for large files.
 */
export function hubSources(): string[] {
  const origin = hubOrigin();
  return origin === DEFAULT_HUB ? [origin, 'https://*.huggingface.co', 'https://*.hf.co'] : [origin];
}
