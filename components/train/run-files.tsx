import { Download } from 'lucide-react';
import { Card, CardHeader, DownloadButton, LinkButton } from '@/components/ui';
import { bytesInWords } from '@/components/ui/format';
import { type RunAnswer, runFileUrl } from './run-api';
import { CHECKPOINT_FILE } from './worker-messages';

/** The trained model as a Hugging Face folder, or the adapter as PEFT's, file by file. */
export function RunFiles({ answer }: { answer: RunAnswer }) {
  const files = answer.files.filter(({ name }) => name !== CHECKPOINT_FILE);
  if (files.length === 0) return null;
  const isAdapter = answer.run.config.loraRank !== undefined;
  return (
    <Card className="grid content-start gap-4">
      <CardHeader
        title={isAdapter ? 'Trained adapter' : 'Trained model'}
        description={
          isAdapter
            ? `A PEFT adapter for ${answer.run.modelName}. With it merged in, the model is also offered as a start for further runs.`
            : 'A Hugging Face folder; it is also offered as a start for further runs.'
        }
        actions={
          answer.trainedModelId ? (
            <LinkButton size="sm" href={`/projects/${answer.run.projectId}/sample?model=${answer.trainedModelId}`}>
              Sample responses
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
              aria-label={`Download ${name}`}
            >
              Download
            </DownloadButton>
          </li>
        ))}
      </ul>
    </Card>
  );
}
