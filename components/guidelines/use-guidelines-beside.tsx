'use client';

import { BookOpen } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useCallback, useState } from 'react';
import { IconButton } from '@/components/ui/button';
import { useLoaded, usePreloaded } from '@/components/ui/use-loaded';
import type { Project } from '@/lib/schemas/project';
import { useGuidelines } from './use-guidelines';

const storageKey = 'rescue-guidelines-open';
const loadPanel = () => import('./guidelines-panel').then(({ GuidelinesPanel }) => GuidelinesPanel);
const loadGate = () => import('./guidelines-gate').then(({ GuidelinesGate }) => GuidelinesGate);

/**
 * The guidelines around a board: a button, a panel beside the board, and a gate before the next prompt while the
 * current version is not acknowledged. A prompt that is already open can be finished first. Offline, the gate does not
 * block.
 */
export function useGuidelinesBeside(project: Project, promptId: string | null) {
  const t = useTranslations('guidelines');
  const { id: projectId, tiers } = project;
  const answer = useGuidelines(projectId);
  const { current = null, acknowledged = null } = answer.data ?? {};
  const ready = !answer.isPending || answer.fetchStatus === 'paused';
  const pending = current !== null && acknowledged?.version !== current.version;
  const [begun, setBegun] = useState<string | null>(null);
  if (ready && !pending && promptId !== null && begun !== promptId) setBegun(promptId);
  const gated = pending && begun !== promptId;
  const Gate = useLoaded(loadGate, gated);

  const [open, setOpen] = useState(readOpen);
  const shown = open && current !== null;
  const Panel = useLoaded(loadPanel, shown);
  usePreloaded(loadPanel, loadGate);
  const toggle = useCallback(
    () =>
      setOpen((known) => {
        storeOpen(!known);
        return !known;
      }),
    [],
  );

  const gate =
    gated && Gate ? <Gate projectId={projectId} tiers={tiers} current={current} acknowledged={acknowledged} /> : null;
  const button = current ? (
    <IconButton label={t('guidelines')} size="sm" aria-pressed={open} onClick={toggle}>
      <BookOpen aria-hidden="true" className="size-4" />
    </IconButton>
  ) : null;
  const beside = (board: ReactNode) => (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">{board}</div>
      {shown && Panel ? <Panel projectId={projectId} guidelines={current} tiers={tiers} onClose={toggle} /> : null}
    </div>
  );
  /** Text for the prompt's panel, only when there are no guidelines to open. */
  const guidance = current ? '' : project.guidelines || project.description;
  return { ready: ready && (!gated || Gate !== null), gate, button, beside, guidance, toggle };
}

function readOpen(): boolean {
  try {
    return localStorage.getItem(storageKey) === 'open';
  } catch {
    return false;
  }
}

function storeOpen(open: boolean): void {
  try {
    localStorage.setItem(storageKey, open ? 'open' : 'closed');
  } catch {
    // Storage is blocked, so the choice lasts until the page is left.
  }
}
