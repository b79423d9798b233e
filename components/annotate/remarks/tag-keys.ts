import type { IssueTag } from '@/lib/schemas/remarks';
import { type KeyPress, keyOf } from '../keys/key-bindings';

/** The digit that chooses the tag at this index while a passage is selected; null beyond the ninth. */
export function keyOfTag(index: number): string | null {
  return index < 9 ? String(index + 1) : null;
}

/** The tag that a key chooses while a passage is selected, or null. */
export function tagOfKey(press: KeyPress, offered: readonly IssueTag[]): IssueTag | null {
  const key = keyOf(press);
  return key === null ? null : (offered.find((_, index) => keyOfTag(index) === key) ?? null);
}
