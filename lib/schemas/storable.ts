/**
 * Detects values that cannot be stored unchanged: the NUL character, a lone surrogate, and values nested so deeply that
 * recursion over them would overflow the stack. Requests are checked once when they arrive.
 */

import type { Message } from '@/trainer/contract/message';
import { issue } from './issue';

/** For comparison: a model's config.json is nested 5 deep. */
const MAX_DEPTH = 64;

export function isStorable(text: string): boolean {
  return textFlaws(text).length === 0;
}

/** Why a text cannot be stored unchanged; empty when it can. */
export function textFlaws(text: string): ('nulCharacter' | 'halfSurrogate')[] {
  const flaws: ReturnType<typeof textFlaws> = [];
  if (text.includes('\0')) flaws.push('nulCharacter');
  if (/\p{Surrogate}/u.test(text)) flaws.push('halfSurrogate');
  return flaws;
}

/** A value with its position in the tree; the path is computed only for a value that is refused. */
interface VisitedValue {
  value: unknown;
  key: PropertyKey;
  parent: VisitedValue | null;
  depth: number;
}

/** The first part of a JSON value that cannot be stored, with its path; null when there is none. */
export function findUnstorable(value: unknown): { path: PropertyKey[]; reason: Message } | null {
  const stack: VisitedValue[] = [{ value, key: '', parent: null, depth: 0 }];
  for (let visited = stack.pop(); visited; visited = stack.pop()) {
    const [flaw] = typeof visited.value === 'string' ? textFlaws(visited.value) : [];
    if (flaw) return { path: pathOf(visited), reason: issue(flaw) };
    if (typeof visited.value !== 'object' || visited.value === null) continue;
    if (visited.depth === MAX_DEPTH) return { path: [], reason: issue('tooDeep', { most: MAX_DEPTH }) };
    for (const [name, inner] of Object.entries(visited.value)) {
      const [flawOfKey] = textFlaws(name);
      if (flawOfKey) return { path: pathOf(visited), reason: issue(flawOfKey) };
      const key = Array.isArray(visited.value) ? Number(name) : name;
      stack.push({ value: inner, key, parent: visited, depth: visited.depth + 1 });
    }
  }
  return null;
}

function pathOf(visited: VisitedValue): PropertyKey[] {
  const path: PropertyKey[] = [];
  for (let ancestor: VisitedValue | null = visited; ancestor?.parent; ancestor = ancestor.parent)
    path.unshift(ancestor.key);
  return path;
}
