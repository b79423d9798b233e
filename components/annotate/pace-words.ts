import type { Pace } from '@/lib/schemas/pace';

/** How one's own work goes, in one line. `unsent`: judgements that the server has not counted yet. */
export function paceWords(pace: Pace, unsent: number, number: (n: number) => string): string {
  const words = [`${number(pace.today + unsent)} today`];
  if (pace.medianActiveMs !== null) words.push(`about ${durationWords(pace.medianActiveMs)} a prompt`);
  return words.join(' · ');
}

/** How far the project is. */
export function othersWords({ judgedByAnyone, total }: Pace, number: (n: number) => string): string {
  return `${number(judgedByAnyone)} of ${number(total)} judged by somebody`;
}

/** 900 -> '1 s', 75 000 -> '1 min 15 s', 7 200 000 -> '120 min'. */
export function durationWords(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  const minutes = Math.floor(seconds / 60);
  return rest === 0 || minutes >= 10 ? `${Math.round(seconds / 60)} min` : `${minutes} min ${rest} s`;
}
