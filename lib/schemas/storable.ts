/**
 * What no database keeps as it is: the NUL character, half a surrogate pair, a value nested so deeply that walking it
 * by recursion ends the stack. One look at the edge keeps them from everything behind it.
 */

import type { Message } from '@/trainer/contract/message';
import { issue } from './issue';

/** A model's config.json has 5. */
const MAX_DEPTH = 64;

export function isStorable(text: string): boolean {
  return flawsOf(text).length === 0;
}

/** What keeps a text from being stored as it is. */
export function flawsOf(text: string): ('nulCharacter' | 'halfSurrogate')[] {
  const flaws: ReturnType<typeof flawsOf> = [];
  if (text.includes('\0')) flaws.push('nulCharacter');
  if (/\p{Surrogate}/u.test(text)) flaws.push('halfSurrogate');
  return flaws;
}

/** Where a value is from; the path is only written out for one that is refused. */
interface Place {
  value: unknown;
  key: PropertyKey;
  parent: Place | null;
  depth: number;
}

/** The first of it in a value from JSON, with its place; null where there is none. */
export function unstorable(value: unknown): { path: PropertyKey[]; reason: Message } | null {
  const waiting: Place[] = [{ value, key: '', parent: null, depth: 0 }];
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    const [flaw] = typeof place.value === 'string' ? flawsOf(place.value) : [];
    if (flaw) return { path: pathOf(place), reason: issue(flaw) };
    if (typeof place.value !== 'object' || place.value === null) continue;
    if (place.depth === MAX_DEPTH) return { path: [], reason: issue('tooDeep', { most: MAX_DEPTH }) };
    for (const [name, inner] of Object.entries(place.value)) {
      const [flawOfKey] = flawsOf(name);
      if (flawOfKey) return { path: pathOf(place), reason: issue(flawOfKey) };
      const key = Array.isArray(place.value) ? Number(name) : name;
      waiting.push({ value: inner, key, parent: place, depth: place.depth + 1 });
    }
  }
  return null;
}

function pathOf(place: Place): PropertyKey[] {
  const path: PropertyKey[] = [];
  for (let at: Place | null = place; at?.parent; at = at.parent) path.unshift(at.key);
  return path;
}
