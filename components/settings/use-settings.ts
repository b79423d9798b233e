import { useRef, useState } from 'react';
import { ApiError, api, useInvalidate } from '@/components/ui/api';
import { useErrorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import type { ChangedProject, Project } from '@/lib/schemas/project';
import { type ForetoldSettings, foretoldSettings, type SettingsEffects } from '@/lib/schemas/settings-effects';
import { hasConflict, type SettingsChanges } from './settings-changes';
import { hasEffects } from './settings-effects';

export interface SettingsSave {
  pending: boolean;
  /** Whether tiers that people have judged by would be renamed, which needs `renameJudgedTiers`. */
  needsConfirmation: boolean;
  /** The project as somebody else saved it, when the same settings were changed meanwhile; else null. */
  theirs: Project | null;
  /** What the changes would do, while it is asked whether to save them all the same; else null. */
  effects: SettingsEffects | null;
  save(changes: SettingsChanges): void;
  /** Saves what was asked about, or leaves it. */
  confirm(): void;
  withdraw(): void;
  /** Saves the own changes over those of somebody else. */
  overwrite(): void;
  discard(): void;
}

/**
 * Saves some of a project's settings. `project` is the state that the person started from. Changes that somebody else
 * made to other settings meanwhile are kept; for changes to the same ones, the person chooses. `onSaved` gets the new
 * project.
 * @param isForetold the page has said already what the changes would do
 */
export function useSettings(
  project: Project,
  onSaved: (project: Project, how: 'mine' | 'theirs') => void,
  { isForetold = false } = {},
): SettingsSave {
  const invalidate = useInvalidate();
  const errorMessage = useErrorMessage();
  const toast = useToast();
  const [state, setState] = useState<Pick<SettingsSave, 'pending' | 'needsConfirmation' | 'theirs' | 'effects'>>(idle);
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
  /** Saves what would do nothing to the work that is there, and asks about the rest. */
  const foretell = async (): Promise<void> => {
    const json = foretoldAmong(mine.current, project);
    if (isForetold || Object.keys(json).length === 0) return send(project);
    try {
      const effects = await api<SettingsEffects>(`${path}/settings/effects`, { method: 'POST', json });
      if (!hasEffects(effects)) return send(project);
      setState({ ...idle, effects });
    } catch (error) {
      setState(idle);
      toast(errorMessage(error), 'bad');
    }
  };
  const start = async (work: () => Promise<void>) => {
    // A second click can come before React has rendered the first one's state.
    if (running.current) return;
    running.current = true;
    setState({ ...state, pending: true, needsConfirmation: false, theirs: null });
    await work();
    running.current = false;
  };

  return {
    ...state,
    save(changes) {
      mine.current = changes;
      void start(foretell);
    },
    confirm() {
      void start(() => send(project));
    },
    withdraw() {
      setState(idle);
    },
    overwrite() {
      const { theirs } = state;
      if (theirs) void start(() => send(theirs));
    },
    discard() {
      if (!state.theirs) return;
      void invalidate(path);
      setState(idle);
      onSaved(state.theirs, 'theirs');
    },
  };
}

const idle = { pending: false, needsConfirmation: false, theirs: null, effects: null };

/** Those of the changes that change something, and of which it is said beforehand what they would do. */
const foretoldAmong = (changes: SettingsChanges, project: Project): ForetoldSettings =>
  Object.fromEntries(
    foretoldSettings
      .filter((name) => changes[name] !== undefined && changes[name] !== project[name])
      .map((name) => [name, changes[name]]),
  );

function detailsOf(error: unknown): { current?: Project; needs?: string } {
  if (!(error instanceof ApiError) || error.status !== 409) return {};
  return (error.details as { current?: Project; needs?: string } | undefined) ?? {};
}
