'use client';

import { useTranslations } from 'next-intl';
import { Badge, Button } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import type { ListedPrompt } from '@/lib/schemas/prompt-list';
import { PromptListItem } from './prompt-list-item';

/** One prompt of the list; its id leads to the page with everybody's answers. */
export function PromptRow({
  projectId,
  prompt,
  onChange,
  onFlags,
}: {
  projectId: string;
  prompt: ListedPrompt;
  onChange: () => void;
  onFlags: () => void;
}) {
  const t = useTranslations('prompts');
  const marks = useTranslations('marks');
  const { formatDateTime, formatLanguage, formatPercent } = useFormats();
  const {
    promptId,
    externalId,
    excerpt,
    signs,
    judged,
    wanted,
    reopened,
    language,
    priority,
    disagreement,
    certainty,
  } = prompt;
  const certaintyWords = ({ share, most, isClosed }: NonNullable<typeof certainty>) => {
    const percent = formatPercent(share);
    return isClosed ? t('closedEarly', { judged, most, percent }) : t('certain', { percent });
  };
  const facts = [
    wanted === null ? t('judged', { judged }) : t('judgedOf', { judged, wanted }),
    ...(reopened > 0 ? [t('reopened', { count: reopened })] : []),
    ...(disagreement === null ? [] : [t('disagreement', { percent: formatPercent(disagreement) })]),
    ...(certainty === null ? [] : [certaintyWords(certainty)]),
    ...(priority === 0 ? [] : [t('priorityOf', { priority })]),
    ...(language === null ? [] : [formatLanguage(language)]),
    formatDateTime(prompt.changedAt),
  ];
  return (
    <PromptListItem
      href={`/projects/${projectId}/prompts/${promptId}`}
      externalId={externalId}
      excerpt={excerpt}
      facts={facts}
      badges={
        <>
          <Badge tone={prompt.state === 'complete' ? 'good' : 'neutral'}>{t(`states.${prompt.state}`)}</Badge>
          {signs.map((sign) => (
            <Badge key={sign} tone={sign === 'flagged' ? 'warn' : sign === 'withdrawn' ? 'bad' : 'neutral'}>
              {t(`signs.${sign}`)}
            </Badge>
          ))}
        </>
      }
    >
      {prompt.flags > 0 ? (
        <Button size="sm" aria-label={marks('seeFlags', { prompt: externalId })} onClick={onFlags}>
          {marks('openFlags', { count: prompt.flags })}
        </Button>
      ) : null}
      <Button size="sm" aria-label={t('changePrompt', { prompt: externalId })} onClick={onChange}>
        {t('change')}
      </Button>
    </PromptListItem>
  );
}
