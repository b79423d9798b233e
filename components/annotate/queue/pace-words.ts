import type { Translator } from '@/lib/i18n/translator';
import type { Pace } from '@/lib/schemas/pace';

/** How one's own work goes, in one line: what the server has stored, since only that is done. */
export function paceWords(pace: Pace, t: Translator<'marks'>): string {
  const words = [t('today', { count: pace.today })];
  if (pace.medianActiveMs !== null) words.push(t('perPrompt', { duration: durationWords(pace.medianActiveMs, t) }));
  return words.join(' · ');
}

/** How far the project is. */
export function othersWords({ judgedByAnyone, total }: Pace, t: Translator<'marks'>): string {
  return t('judgedBySomebody', { judged: judgedByAnyone, total });
}

/** 900 -> '1 s', 75 000 -> '1 min 15 s', 7 200 000 -> '120 min'. */
export function durationWords(ms: number, t: Translator<'marks'>): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) return t('seconds', { seconds });
  const rest = seconds % 60;
  const minutes = Math.floor(seconds / 60);
  return rest === 0 || minutes >= 10
    ? t('minutes', { minutes: Math.round(seconds / 60) })
    : t('minutesSeconds', { minutes, seconds: rest });
}
