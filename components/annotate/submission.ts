import type { SaveAnnotationRequest } from '@/lib/schemas/annotation';

/** A fresh key for one submission: 128 random bits in hex. Works without a secure context, unlike randomUUID. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What the board hands over when the person saves. */
export type Judgement = Pick<SaveAnnotationRequest, 'allBad' | 'placements' | 'timeOnTaskMs' | 'remarks'>;

/** Why a save must wait, as a key of `annotate.obstacles`, or null. `asked`: the person was told once about untouched responses. */
export function saveObstacle(
  untouched: number,
  total: number,
  allBad: boolean,
  asked: boolean,
): 'nothing' | 'untouched' | null {
  if (untouched === total && !allBad) return 'nothing';
  return untouched > 0 && !asked ? 'untouched' : null;
}
