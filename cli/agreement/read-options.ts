/** What the commands that read an export of annotations share. */
import { readFile } from 'node:fs/promises';
import { type ReadAnnotation, readAnnotations } from '../../lib/formats/read-annotations';
import type { ConsensusRule } from '../../lib/ranking/consensus';
import { CommandError, numberOf, wholeNumberOf } from '../../trainer/cli/command-line';
import { inEnglish } from '../../trainer/contract/english';
import { MAX_TIERS } from '../../trainer/contract/tier-limits';

export function ruleOf(values: { quorum?: string | undefined; 'max-against'?: string | undefined }): ConsensusRule {
  const maxAgainst = numberOf(values['max-against'], '--max-against') ?? 0;
  if (!(Number.isInteger(maxAgainst) && maxAgainst >= 0)) {
    throw new CommandError(`--max-against is "${values['max-against']}"; it may be a whole number from 0`, 2);
  }
  const quorum = values.quorum === 'majority' ? undefined : wholeNumberOf(values.quorum, '--quorum');
  return { quorum: quorum ?? 'majority', maxAgainst };
}

/** @param tiers as many as the option says, if it does */
export function tierCountOf(annotations: readonly ReadAnnotation[], tiers: number | undefined, file: string): number {
  const placements = annotations.flatMap((one) => one.placements);
  const used = 1 + placements.reduce((most, { tier }) => Math.max(most, tier ?? 0), 0);
  if (used > MAX_TIERS) throw new CommandError(`${file}: uses ${used} tiers; a project has at most ${MAX_TIERS}`);
  if (tiers !== undefined && tiers < used) throw new CommandError(`--tiers is ${tiers}, but ${file} uses ${used}`, 2);
  return tiers ?? used;
}

export async function readAnnotationsOf(path: string): Promise<ReadAnnotation[]> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`${path}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`);
  });
  const { annotations, errors } = readAnnotations(bytes);
  if (errors.length === 0) return annotations;
  const shown = errors.slice(0, 5).map(({ line, reason }) => `${path}:${line}: ${inEnglish(reason)}`);
  throw new CommandError(errors.length > 5 ? `${shown.join('\n')}\nand ${errors.length - 5} more` : shown.join('\n'));
}
