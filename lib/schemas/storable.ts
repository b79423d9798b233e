/**
 * Detects values that cannot be stored unchanged: the NUL character, a lone surrogate, and values nested so deeply that
 * recursion over them would overflow the stack. Requests are checked once when they arrive.
 */

import type { Message } from '@/trainer/contract/message';
import { issue } from './issue';

/** For comparison: a model's config.json is nested 5 deep. */
const MAX_DEPTH = 64;

export function isStorable(text: string): boolean {
  return flawsOf(text).length === 0;
}

/** Why a text cannot be stored unchanged; empty when it can. */
export function flawsOf(text: string): ('nulCharacter' | 'halfSurrogate')[] {
  const flaws: ReturnType<typeof flawsOf> = [];
  if (text.includes('\0')) flaws.push('nulCharacter');
  if (/\p{Surrogate}/u.test(text)) flaws.push('halfSurrogate');
  return flaws;
}

/** A value with its position in the tree; the path is computed only for a value that is refused. */
interface Place {
  value: unknown;
  key: PropertyKey;
  parent: Place | null;
  depth: number;
}

/** The first part of a JSON value that cannot be stored, with its path; null when there is none. */
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
