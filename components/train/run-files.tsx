import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Card, CardHeader, DownloadButton, LinkButton } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import type { RunAnswer } from '@/lib/schemas/run-answers';
import { runFileUrl } from './run-api';
import { CHECKPOINT_FILE } from './worker-messages';

/** The trained model as a Hugging Face folder, or the adapter as PEFT's, file by file. */
export function RunFiles({ answer }: { answer: RunAnswer }) {
  const { bytesInWords } = useFormats();
  const t = useTranslations('train');
  const files = answer.files.filter(({ name }) => name !== CHECKPOINT_FILE);
  if (files.length === 0) return null;
  const isAdapter = answer.run.config.loraRank !== undefined;
  return (
    <Card className="grid content-start gap-4">
      <CardHeader
        title={isAdapter ? t('trainedAdapter') : t('trainedModel')}
        description={isAdapter ? t('trainedAdapterHint', { modelName: answer.run.modelName }) : t('trainedModelHint')}
        actions={
          answer.trainedModelId ? (
            <LinkButton size="sm" href={`/projects/${answer.run.projectId}/sample?model=${answer.trainedModelId}`}>
              {t('sampleResponses')}
            </LinkButton>
          ) : undefined
        }
      />
      <ul className="grid gap-2">
        {files.map(({ name, bytes, sha256 }) => (
          <li key={name} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
            <span className="min-w-0">
              <code className="break-all font-mono text-[0.8125rem]">{name}</code>
              <span className="block text-faint text-xs" title={`SHA-256 ${sha256}`}>
                {bytesInWords(bytes)} · SHA-256 {sha256.slice(0, 12)}
              </span>
            </span>
            <DownloadButton
              size="sm"
              href={runFileUrl(answer.run.id, name)}
              download={name}
              icon={<Download aria-hidden="true" className="size-4" />}
              aria-label={t('downloadName', { name })}
            >
              {t('download')}
            </DownloadButton>
          </li>
        ))}
      </ul>
    </Card>
  );
}
