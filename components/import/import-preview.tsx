import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { Excerpt, ResponseExcerpt } from '@/components/content/excerpt';
import { TextGroup } from '@/components/content/text-forms';
import { Badge } from '@/components/ui/badge';
import { Card, CardHeader } from '@/components/ui/card';
import { Stat, StatRow } from '@/components/ui/stat';
import { Notice } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import type { ImportPreview as Preview } from '@/lib/schemas/import-preview';
import type { ImportedPrompt } from '@/lib/schemas/prompt-import';

/** The result that an import would have: counts, invalid lines with their reasons, and the first prompts. */
export function ImportPreview({ preview }: { preview: Preview }) {
  const t = useTranslations('import');
  const { formatNumber, formatPercent } = useFormats();
  const { counts, errors, found, sample } = preview;
  const total = preview.errorCount ?? errors.length;
  return (
    <div className="grid gap-5">
      {preview.share === undefined ? null : (
        <Notice>{t('beginning', { rows: found.rows, share: formatPercent(preview.share) })}</Notice>
      )}
      {found.responses + found.judgements > 0 ? (
        <p className="text-sm text-soft">
          {t('foundFormat', { title: found.title, fields: found.fields.join(', ') || 'none' })}
        </p>
      ) : null}
      <StatRow>
        <Stat label={t('newPrompts')} value={formatNumber(counts.new)} />
        <Stat label={t('countResponses')} value={formatNumber(found.responses)} />
        {found.merged > 0 ? (
          <Stat label={t('merged')} value={formatNumber(found.merged)} note={t('mergedHint')} />
        ) : null}
        {found.judgements > 0 ? (
          <Stat
            label={t('judgements')}
            value={formatNumber(found.judgements)}
            note={t('judgementsHint', { pairs: found.pairs })}
          />
        ) : null}
        <Stat label={t('unchanged')} value={formatNumber(counts.unchanged)} note={t('unchangedHint')} />
        {counts.extended > 0 ? (
          <Stat label={t('extended')} value={formatNumber(counts.extended)} note={t('extendedHint')} />
        ) : null}
        <Stat label={t('conflicting')} value={formatNumber(counts.conflicting)} note={t('conflictingHint')} />
        <Stat label={t('problems')} value={formatNumber(total)} />
      </StatRow>
      {errors.length > 0 ? (
        <Card flush>
          <div className="p-5 pb-4">
            <CardHeader title={t('countProblems', { total })} description={t('problemsHint')} />
          </div>
          <div className="max-h-96 overflow-y-auto border-line border-t">
            <Table caption={t('problemsByLine')}>
              <thead>
                <tr>
                  <Th numeric className="w-24">
                    {t('line')}
                  </Th>
                  <Th>{t('reason')}</Th>
                </tr>
              </thead>
              <tbody>
                {errors.map((error, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a line may have several problems; the list never changes
                  <tr key={index}>
                    <Td numeric className="font-mono">
                      {error.line}
                    </Td>
                    <Td className="wrap-anywhere">{error.message}</Td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </div>
          {total > errors.length ? (
            <p className="border-line border-t px-5 py-3 text-sm text-soft">
              {t('problemsListed', { count: errors.length, total })}
            </p>
          ) : null}
        </Card>
      ) : null}
      {preview.warnings.map(({ kind, count, lines }) => (
        <Notice key={kind} tone="warn" className="grid gap-1.5">
          <p className="font-medium">{t(`warnings.${kind}`, { count })}</p>
          <ul className="grid gap-1">
            {lines.map(({ line, message }) => (
              <li key={line} className="wrap-anywhere">
                {t('lineProblem', { line, reason: message })}
              </li>
            ))}
          </ul>
          {count > lines.length ? (
            <p className="text-soft">{t('problemsListed', { count: lines.length, total: count })}</p>
          ) : null}
        </Notice>
      ))}
      {sample.length > 0 ? (
        <Card>
          <CardHeader
            title={t('howPromptsLook')}
            description={t('firstPrompts', { count: sample.length })}
            className="mb-1"
          />
          <ul className="divide-y divide-line">
            {sample.map((prompt) => (
              <SamplePrompt key={prompt.externalId} prompt={prompt} />
            ))}
          </ul>
        </Card>
      ) : null}
    </div>
  );
}

function SamplePrompt({ prompt }: { prompt: ImportedPrompt }) {
  const t = useTranslations('import');
  const content = useTranslations('content');
  const texts = useMemo(
    () => [...prompt.messages.map((message) => message.content), ...prompt.responses.map(({ text }) => text)],
    [prompt],
  );
  return (
    <li className="py-4 last:pb-0">
      <TextGroup texts={texts}>
        <p className="mb-1 flex flex-wrap items-center gap-2 text-[0.8125rem] text-faint">
          <span className="font-mono wrap-anywhere">{prompt.externalId}</span>
          {prompt.documents.length > 0 ? (
            <Badge>{t('countDocuments', { count: prompt.documents.length })}</Badge>
          ) : null}
          {prompt.referenceLabel ? (
            <Badge>{t('referenceLabel', { referenceLabel: prompt.referenceLabel })}</Badge>
          ) : null}
        </p>
        {prompt.messages.map((message, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: messages have no id and never change here
          <div key={index} className="text-sm">
            {prompt.messages.length > 1 ? (
              <p className="mt-1.5 font-medium text-soft text-xs">{content(`chatRoles.${message.role}`)}</p>
            ) : null}
            <Excerpt text={message.content} className="font-medium" />
          </div>
        ))}
        <ul className="mt-2 grid gap-1.5">
          {prompt.responses.map((response) => (
            <li key={response.id} className="flex flex-wrap gap-x-2 border-line border-s-2 ps-3 text-sm">
              <ResponseExcerpt text={response.text} className="flex-1 basis-60" />
              <span className="flex items-center gap-1.5 self-start">
                {response.label ? <Badge>{response.label}</Badge> : null}
                <Badge tone={response.source === 'human' ? 'accent' : 'neutral'}>{response.source}</Badge>
              </span>
            </li>
          ))}
        </ul>
      </TextGroup>
    </li>
  );
}
