import type { SaveAnnotationRequest } from '@/lib/schemas/annotation';

/** A fresh key for one submission: 128 random bits in hex. Works without a secure context, unlike randomUUID. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What the board hands over when the person saves. */
export type Judgement = Pick<SaveAnnotationRequest, 'allBad' | 'placements' | 'timeOnTaskMs' | 'remarks'>;

/** Why a save must wait, in words, or null. `asked`: the person was told once about untouched responses. */
export function saveObstacle(untouched: number, total: number, allBad: boolean, asked: boolean): string | null {
  if (untouched === total && !allBad) {
    return 'Nothing is judged yet. Place at least one response, say that you can’t judge it, or that all are bad.';
  }
  if (untouched > 0 && !asked) {
    return untouched === 1
      ? 'One response is not placed. Save again to leave it out: it will count as not judged.'
      : `${untouched} responses are not placed. Save again to leave them out: they will count as not judged.`;
  }
  return null;
}
