import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { durationsOf } from '@/lib/db/tallies';
import { consensusRuleOf, isSameRule } from '@/lib/ranking/consensus';
import { type Durations, durationBars, durationQuantile } from '@/lib/ranking/work/durations';
import { FORECAST_WINDOW_DAYS, type Forecast, forecast } from '@/lib/ranking/work/forecast';
import type { AnnotatorDuration, MeasuredProgress, ProgressAnswer } from '@/lib/schemas/progress';
import { measuredProject } from './measured-project';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How a project's annotation goes. */
export async function getProgress(
  actor: Actor,
  db: Database,
  projectId: string,
  now = new Date(),
): Promise<ProgressAnswer> {
  const { project } = await authorizeInProject(db, actor, 'prompts.read', projectId);
  const { report, work, kinds, ...measured } = await measuredProject(db, project);
  const durations = await durationsOf(db, projectId);
  const rule = report?.rules.find((one) => isSameRule(one, consensusRuleOf(project)));
  const all = [...durations.values()].flat().sort((a, b) => a.seconds - b.seconds);
  return {
    ...measured,
    report: work,
    forecast: work && forecastOf(work, now),
    keptPairs: rule ? rule.outcomes.kept + rule.outcomes.implied : null,
    tierUse: (report?.annotators ?? [])
      .filter(({ annotatorId }) => !(annotatorId in kinds))
      .map(({ annotatorId, tierUse }) => ({ annotatorId, tiers: tierUse })),
    durations: {
      annotators: [...durations].map(([annotatorId, own]) => annotatorDuration(annotatorId, own)),
      median: durationQuantile(all, 0.5),
      bars: durationBars(all),
    },
  };
}

/** By the whole days before this one: today has only begun. */
function forecastOf({ coverage: { wanted, done }, days }: MeasuredProgress, now: Date): Forecast {
  const byDay = new Map<string, number>();
  for (const { day, judged } of days) byDay.set(day, (byDay.get(day) ?? 0) + judged);
  const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS).toISOString().slice(0, 10);
  const first = days[0]?.day ?? daysAgo(0);
  const daily: number[] = [];
  for (let ago = FORECAST_WINDOW_DAYS; ago > 0; ago--) {
    const day = daysAgo(ago);
    if (day >= first) daily.push(byDay.get(day) ?? 0);
  }
  return forecast(daily, wanted - done);
}

function annotatorDuration(annotatorId: string, durations: Durations): AnnotatorDuration {
  return {
    annotatorId,
    prompts: durations.reduce((sum, { prompts }) => sum + prompts, 0),
    seconds: durations.reduce((sum, { seconds, prompts }) => sum + seconds * prompts, 0),
    median: durationQuantile(durations, 0.5)!,
    low: durationQuantile(durations, 0.25)!,
    high: durationQuantile(durations, 0.75)!,
  };
}
