import { Square } from 'lucide-react';
import { Button, Card, CardHeader, Notice, ProgressBar } from '@/components/ui';
import { formatNumber, plural } from '@/components/ui/format';
import type { SampleProgress } from './sample-progress';
import { stopSampleSession } from './sample-session';

/** A model that writes in this tab, while it does. */
export function SamplingCard({ progress, projectId }: { progress: SampleProgress; projectId: string }) {
  const { done, total, tokens, prompts, backend, stopRequested } = progress;
  const found = prompts.reduce((sum, { added }) => sum + added.length, 0);
  return (
    <Card className="grid gap-5">
      <CardHeader
        title={stopRequested ? 'Stopping' : `${progress.source} is writing`}
        description="Keep this tab open. Other pages of the studio may be opened meanwhile."
        actions={
          <Button
            variant="danger"
            icon={<Square aria-hidden="true" className="size-3.5 fill-current" />}
            pending={stopRequested}
            onClick={stopSampleSession}
          >
            Stop
          </Button>
        }
      />
      <ProgressBar
        label={total > 0 ? 'Writing responses' : 'Loading model and prompts'}
        value={total > 0 ? done : undefined}
        max={total > 0 ? total : undefined}
        detail={total > 0 ? `${formatNumber(done)} of ${formatNumber(total)}` : undefined}
      />
      <p className="tabular text-sm text-soft">
        {plural(found, 'new response')} so far, {formatNumber(tokens)} tokens
        {backend ? `; runs on ${backend}` : ''}. What is there is kept when you stop.
      </p>
      {progress.projectId !== projectId ? <Notice>These are for another project.</Notice> : null}
    </Card>
  );
}
