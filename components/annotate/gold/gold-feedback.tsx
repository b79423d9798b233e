'use client';

import { useLoaded, usePreloaded } from '@/components/ui/use-loaded';
import { useInterruption } from '../board/use-time-on-task';
import { useGoldSignal } from './gold-signal';

const loadDialog = () => import('./gold-dialog').then(({ GoldDialog }) => GoldDialog);

/** Says how a gold prompt was meant, as soon as the server has the person's judgement of it. */
export function GoldFeedback({ projectId, tiers }: { projectId: string; tiers: string[] }) {
  const [waiting, done] = useGoldSignal();
  const GoldDialog = useLoaded(loadDialog, waiting.length > 0);
  usePreloaded(loadDialog);
  useInterruption(GoldDialog !== null && waiting.length > 0);
  const [promptId] = waiting;
  if (!GoldDialog || !promptId) return null;
  return <GoldDialog key={promptId} projectId={projectId} promptId={promptId} tiers={tiers} onDone={done} />;
}
