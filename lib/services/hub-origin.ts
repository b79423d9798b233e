/** The one hub whose models may be added: HUB_ORIGIN. */
const USUAL = 'https://huggingface.co';

/** Scheme and host, without a slash at the end. @throws Error for a setting that is no address */
export function hubOrigin(): string {
  const configured = process.env.HUB_ORIGIN || USUAL;
  if (!/^https?:\/\//.test(configured) || !URL.canParse(configured)) {
    throw new Error(`HUB_ORIGIN is "${configured}"; it must be an address like ${USUAL}.`);
  }
  return new URL(configured).origin;
}

/**
 * Where that hub's answers come from, as a Content-Security-Policy names them: the hub itself and, of the usual one,
 * the hosts to which it redirects for large files.
 */
export function hubSources(): string[] {
  const origin = hubOrigin();
  return origin === USUAL ? [origin, 'https://*.huggingface.co', 'https://*.hf.co'] : [origin];
}
