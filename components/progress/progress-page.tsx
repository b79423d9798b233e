'use client';

import { ChartLine } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { MeasuredPage } from '@/components/agreement/measured-page';
import { useProject } from '@/components/projects/use-project';
import type { ProgressAnswer } from '@/lib/schemas/progress';
import { BiasCard } from './bias-card';
import { CostCard } from './cost-card';
import { DoneCard } from './done-card';
import { GoldCard } from './gold-card';
import { ThroughputCard } from './throughput-card';
import { TierUseCard } from './tier-use-card';
import { TimeCard } from './time-card';

/** For researchers: how far annotation is, when it will be done, how people work, and what it costs. */
export function ProgressPage({ projectId }: { projectId: string }) {
  const t = useTranslations('progress');
  const tiers = useProject(projectId).data?.project.tiers ?? [];
  return (
    <MeasuredPage<ProgressAnswer>
      path={`/projects/${projectId}/progress`}
      title={t('progress')}
      description={(time) => (time === null ? t('intro') : t('measuredAt', { time }))}
      loading={t('loading')}
      loadFailed={t('loadFailed')}
      icon={<ChartLine className="size-5" />}
      nothingJudgedHint={t('nothingJudgedHint')}
    >
      {({ report, names, durations, forecast, keptPairs, tierUse }) => {
        const nameOf = (id: string) => names[id] ?? id;
        return (
          <>
            <DoneCard coverage={report.coverage} forecast={forecast} />
            <ThroughputCard days={report.days} nameOf={nameOf} />
            <TimeCard durations={durations} nameOf={nameOf} />
            <CostCard
              seconds={durations.annotators.reduce((sum, { seconds }) => sum + seconds, 0)}
              judgements={durations.annotators.reduce((sum, { prompts }) => sum + prompts, 0)}
              prompts={report.coverage.judged}
              pairs={keptPairs}
            />
            <BiasCard kind="firstShown" biases={report.firstShown} nameOf={nameOf} />
            <BiasCard kind="longest" biases={report.longest} nameOf={nameOf} />
            <TierUseCard tierUse={tierUse} tiers={tiers} nameOf={nameOf} />
            <GoldCard gold={report.gold} nameOf={nameOf} />
          </>
        );
      }}
    </MeasuredPage>
  );
}
