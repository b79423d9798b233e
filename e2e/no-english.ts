/** Checks that a page in another language contains no English. */
import { expect, type Page } from '@playwright/test';

/** Names of things and people, keys, units, and the tags around thinking: the same in every language. */
const known =
  /Rescue Studio|English|Demo model|Top-p|I am Claude|As ChatGPT, I|SHA-256|Space|AdamW|Ada|ada@example\.org|Enter|JSON Lines|JSONL?|CSV|TSV|Parquet|gzip|ZIP|Markdown|TRL|RE2|Standard Webhooks|Webhook|prompt-\d|[KMG]iB|\bthink(?:ing)?\b|\breasoning\b/g;

/**
 * Words in Latin letters that a person sees or hears, without what people wrote themselves (dir="auto", code, ids).
 * One letter alone is no word: responses are called A, B, C.
 */
export async function latinWords(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found = [document.title];
    const own = (element: Element) =>
      element.closest('[dir="auto"], pre, code, kbd, script, style, .font-mono') !== null;
    for (const element of document.querySelectorAll('body, body *')) {
      if (own(element)) continue;
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.push(element.getAttribute(name) ?? '');
      for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) found.push(node.textContent ?? '');
    }
    return found;
  });
  return texts.flatMap((text) => text.replace(known, '').match(/[A-Za-z]{2,}/g) ?? []);
}

/** `fields`: names of fields in files, which stand in sentences about them. */
export async function expectNoEnglish(page: Page, where: string, fields: readonly string[] = []): Promise<void> {
  await page.waitForLoadState('networkidle');
  await expectNoEnglishNow(page, where, fields);
}

/** For a page that polls its server. */
export async function expectNoEnglishNow(page: Page, where: string, fields: readonly string[]): Promise<void> {
  const words = (await latinWords(page)).filter((word) => !fields.includes(word));
  expect.soft(words, where).toEqual([]);
}
