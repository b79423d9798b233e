'use client';

import { Scale } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useProject } from '@/components/projects/use-project';
import { Notice } from '@/components/ui';
import { Stat, StatRow } from '@/components/ui/stat';
import { useFormats } from '@/components/ui/use-formats';
import type { AgreementAnswer, AgreementReport } from '@/lib/schemas/agreement';
import type { Project } from '@/lib/schemas/project';
import { AnnotatorMatrix } from './annotator-matrix';
import { AnnotatorTable } from './annotator-table';
import { ConsensusPreview } from './consensus-preview';
import { FiguresTable } from './figures-table';
import { MeasuredPage } from './measured-page';
import { ModelJudges } from './model-judges';
import { OverTime } from './over-time';
import { SourceTable } from './source-table';
import { useFigureWords } from './use-figure-words';

/** For researchers: how far annotators agree, with whom, and what they prefer. */
export function AgreementPage({ projectId }: { projectId: string }) {
  const t = useTranslations('agreement');
  const project = useProject(projectId).data?.project;
  return (
    <MeasuredPage<AgreementAnswer>
      path={`/projects/${projectId}/agreement`}
      title={t('agreement')}
      description={(time) => (time === null ? t('intro') : t('measuredAt', { time }))}
      loading={t('loading')}
      loadFailed={t('loadFailed')}
      icon={<Scale className="size-5" />}
      nothingJudgedHint={t('nothingJudgedHint')}
    >
      {({ report, names }) => <Report report={report} names={names} project={project} />}
    </MeasuredPage>
  );
}

function Report({
  report,
  names,
  project,
}: {
  report: AgreementReport;
  names: AgreementAnswer['names'];
  project: Project | undefined;
}) {
  const t = useTranslations('agreement');
  const { formatNumber } = useFormats();
  const { valueWords, intervalWords, reasonWords } = useFigureWords();
  const { tauX } = report.figures;
  const nameOf = (id: string) => names[id] ?? id;
  return (
    <>
      <StatRow>
        <Stat label={t('figures.tauX')} value={valueWords(tauX)} note={intervalWords(tauX) || reasonWords(tauX)} />
        <Stat
          label={t('sharedPrompts')}
          value={formatNumber(report.sharedPrompts)}
          note={t('ofPrompts', { count: report.prompts })}
        />
        <Stat label={t('annotations')} value={formatNumber(report.annotations)} />
        <Stat label={t('annotators')} value={formatNumber(report.annotators.length)} />
      </StatRow>
      {report.sharedPrompts === 0 ? <Notice>{t('nobodyTwice')}</Notice> : null}
      <FiguresTable figures={report.figures} />
      <AnnotatorTable annotators={report.annotators} nameOf={nameOf} tiers={project?.tiers ?? []} />
      {report.pairs.length > 0 ? <AnnotatorMatrix pairs={report.pairs} nameOf={nameOf} /> : null}
      {report.judges.length > 0 ? (
        <ModelJudges
          judges={report.judges}
          nameOf={nameOf}
          areCounted={project !== undefined && project.modelsCountIn !== 'comparison'}
        />
      ) : null}
      {report.overTime.length > 1 ? <OverTime days={report.overTime} /> : null}
      {report.sources.length > 0 ? <SourceTable sources={report.sources} noStrengths={report.noStrengths} /> : null}
      {project ? <ConsensusPreview rules={report.rules} project={project} /> : null}
    </>
  );
}
