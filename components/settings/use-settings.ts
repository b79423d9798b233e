import { useRef, useState } from 'react';
import { ApiError, api, useInvalidate } from '@/components/ui/api';
import { useErrorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import type { ChangedProject, Project } from '@/lib/schemas/project';
import { hasConflict, type SettingsChanges } from './settings-changes';

export interface SettingsSave {
  pending: boolean;
  /** Whether tiers that people have judged by would be renamed, which needs `renameJudgedTiers`. */
  needsConfirmation: boolean;
  /** The project as somebody else saved it, when the same settings were changed meanwhile; else null. */
  theirs: Project | null;
  save(changes: SettingsChanges): void;
  /** Saves the own changes over those of somebody else. */
  overwrite(): void;
  discard(): void;
}

/**
 * Saves some of a project's settings. `project` is the state that the person started from. Changes that somebody else
 * made to other settings meanwhile are kept; for changes to the same ones, the person chooses. `onSaved` gets the new
 * project.
 */
export function useSettings(
  project: Project,
  onSaved: (project: Project, how: 'mine' | 'theirs') => void,
): SettingsSave {
  const invalidate = useInvalidate();
  const errorMessage = useErrorMessage();
  const toast = useToast();
  const [state, setState] = useState<Pick<SettingsSave, 'pending' | 'needsConfirmation' | 'theirs'>>(idle);
  const mine = useRef<SettingsChanges>({});
  const running = useRef(false);
  const path = `/projects/${project.id}`;

  const send = async (seen: Project): Promise<void> => {
    try {
      const json = { ...mine.current, baseVersion: seen.settingsVersion };
      const answer = await api<ChangedProject>(path, { method: 'PATCH', json });
      await invalidate(path);
      setState(idle);
      onSaved(answer.project, 'mine');
    } catch (error) {
      const { current, needs } = detailsOf(error);
      if (current && !hasConflict(seen, current, mine.current)) {
        return send({ ...seen, settingsVersion: current.settingsVersion });
      }
      setState({ ...idle, theirs: current ?? null, needsConfirmation: needs !== undefined });
      if (!current && needs === undefined) toast(errorMessage(error), 'bad');
    }
  };
  const start = async (seen: Project) => {
    // A second click can come before React has rendered the first one's state.
    if (running.current) return;
    running.current = true;
    setState({ ...idle, pending: true });
    await send(seen);
    running.current = false;
  };

  return {
    ...state,
    save(changes) {
      mine.current = changes;
      void start(project);
    },
    overwrite() {
      if (state.theirs) void start(state.theirs);
    },
    discard() {
      if (!state.theirs) return;
      void invalidate(path);
      setState(idle);
      onSaved(state.theirs, 'theirs');
    },
  };
}

const idle = { pending: false, needsConfirmation: false, theirs: null };

function detailsOf(error: unknown): { current?: Project; needs?: string } {
  if (!(error instanceof ApiError) || error.status !== 409) return {};
  return (error.details as { current?: Project; needs?: string } | undefined) ?? {};
}
