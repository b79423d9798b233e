import { useTranslations } from 'next-intl';
import { Badge, type Tone } from '@/components/ui';
import type { RunStatus } from '@/trainer/contract/run-status';

const tones: Readonly<Record<RunStatus, Tone>> = {
  created: 'neutral',
  running: 'accent',
  stopped: 'warn',
  finished: 'good',
  failed: 'bad',
  interrupted: 'warn',
};

export function RunStatusBadge({ status }: { status: RunStatus }) {
  const t = useTranslations('train');
  return <Badge tone={tones[status]}>{t(`statuses.${status}`)}</Badge>;
}
