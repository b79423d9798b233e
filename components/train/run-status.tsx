import { Badge, type Tone } from '@/components/ui';
import type { RunStatus } from '@/lib/schemas/run';

const words: Readonly<Record<RunStatus, { text: string; tone: Tone }>> = {
  created: { text: 'Not started', tone: 'neutral' },
  running: { text: 'Running', tone: 'accent' },
  stopped: { text: 'Stopped', tone: 'warn' },
  finished: { text: 'Finished', tone: 'good' },
  failed: { text: 'Failed', tone: 'bad' },
  interrupted: { text: 'Interrupted', tone: 'warn' },
};

export function RunStatusBadge({ status }: { status: RunStatus }) {
  return <Badge tone={words[status].tone}>{words[status].text}</Badge>;
}
