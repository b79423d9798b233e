import { createHash } from 'node:crypto';
import type { PromptId } from '@/trainer/contract/ids';

/** Shuffles deterministically, another way for each prompt and each key (such as whose eyes it is for). */
export function shuffled<T extends { id: string }>(key: string, promptId: PromptId, items: readonly T[]): T[] {
  const draw = ({ id }: T) => createHash('sha256').update(`${key}\n${promptId}\n${id}`).digest('hex');
  return items
    .map((item) => ({ item, draw: draw(item) }))
    .sort((a, b) => (a.draw < b.draw ? -1 : 1))
    .map(({ item }) => item);
}
