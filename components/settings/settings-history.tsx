'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Badge, Button, Card, CardHeader, Dialog, ErrorState, LoadingState, useToast } from '@/components/ui';
import { useApi } from '@/components/ui/api';
import { useFormats } from '@/components/ui/use-formats';
import type { Project } from '@/lib/schemas/project';
import type { SettingsHistory as History, ProjectSettings, SettingsVersion } from '@/lib/schemas/settings';
import { differingSettings, settingChanges } from './setting-changes';
import { SettingsConflict } from './settings-conflict';
import { useSettings } from './use-settings';

/** Who changed which setting and when, newest first; each version can be restored. */
export function SettingsHistory({ project, onSaved }: { project: Project; onSaved: (project: Project) => void }) {
  const t = useTranslations('settings');
  /** Where each page begins. */
  const [pages, setPages] = useState<(string | null)[]>([null]);
  return (
    <Card flush>
      <CardHeader title={t('history.title')} description={t('history.hint')} className="px-5 pt-4 pb-3" />
      {pages.map((after, at) => (
        <HistoryPage
          key={after}
          project={project}
          after={after}
          onSaved={onSaved}
          onOlder={at === pages.length - 1 ? (next) => setPages([...pages, next]) : null}
        />
      ))}
    </Card>
  );
}

function HistoryPage({
  project,
  after,
  onSaved,
  onOlder,
}: {
  project: Project;
  after: string | null;
  onSaved: (project: Project) => void;
  onOlder: ((next: string) => void) | null;
}) {
  const t = useTranslations('settings');
  const query = after === null ? '' : `?after=${after}`;
  const answer = useApi<History>(`/projects/${project.id}/settings/history${query}`);
  if (answer.isError) return <ErrorState error={answer.error} onRetry={() => answer.refetch()} />;
  if (!answer.data) return <LoadingState label={t('history.loading')} />;
  const { versions, next } = answer.data;
  return (
    <>
      <ol className="divide-y divide-line border-line border-t">
        {versions.map((version) => (
          <li key={version.version} className="px-5 py-3">
            <Version version={version} project={project} onSaved={onSaved} />
          </li>
        ))}
      </ol>
      {next !== null && onOlder ? (
        <div className="border-line border-t px-5 py-3">
          <Button size="sm" onClick={() => onOlder(next)}>
            {t('history.older')}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function Version({
  version: { version, author, createdAt, settings, previous },
  project,
  onSaved,
}: {
  version: SettingsVersion;
  project: Project;
  onSaved: (project: Project) => void;
}) {
  const t = useTranslations('settings');
  const { formatDateTime } = useFormats();
  const [asking, setAsking] = useState(false);
  const changes = previous ? settingChanges(previous, settings, t) : [t('history.first')];
  const isCurrent = version === project.settingsVersion;
  const canRestore = !isCurrent && differingSettings(project, settings).length > 0;
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-sm">
        <span className="font-medium">{t('history.version', { version })}</span>
        {isCurrent ? <Badge tone="accent">{t('history.current')}</Badge> : null}
        <span className="text-[0.8125rem] text-soft wrap-anywhere">
          <bdi dir="auto">{author ?? t('history.formerUser')}</bdi>
        </span>
        <span className="tabular text-[0.8125rem] text-faint">{formatDateTime(createdAt)}</span>
        {canRestore ? (
          <Button
            size="sm"
            className="ms-auto"
            aria-label={t('history.restoreVersion', { version })}
            onClick={() => setAsking(true)}
          >
            {t('history.restore')}
          </Button>
        ) : null}
      </div>
      <ul className="mt-1 grid gap-1 text-[0.8125rem] text-soft">
        {(changes.length > 0 ? changes : [t('history.nothing')]).map((sentence) => (
          <li key={sentence} className="wrap-anywhere">
            {sentence}
          </li>
        ))}
      </ul>
      {asking ? (
        <RestoreDialog
          version={version}
          settings={settings}
          project={project}
          onClose={() => setAsking(false)}
          onSaved={onSaved}
        />
      ) : null}
    </>
  );
}

/** Lists what restoring the version would change, and does it. */
function RestoreDialog({
  version,
  settings,
  project,
  onClose,
  onSaved,
}: {
  version: number;
  settings: ProjectSettings;
  project: Project;
  onClose: () => void;
  onSaved: (project: Project) => void;
}) {
  const t = useTranslations('settings');
  const toast = useToast();
  const saving = useSettings(project, (saved, how) => {
    if (how === 'mine') toast(t('history.restored'));
    onClose();
    onSaved(saved);
  });
  const names = differingSettings(project, settings);
  const restore = () => {
    const changes: ProjectSettings = Object.fromEntries(names.map((name) => [name, settings[name]]));
    // The dialog lists the tiers' names among the changes.
    saving.save({ ...changes, renameJudgedTiers: true });
  };
  return (
    <Dialog
      title={t('history.restoreVersion', { version })}
      isOpen
      onOpenChange={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" pending={saving.pending} onClick={restore}>
            {t('history.restore')}
          </Button>
        </>
      }
    >
      <div className="grid gap-4 text-sm">
        <p>{t('history.restoreHint', { version })}</p>
        <ul className="grid gap-1.5">
          {settingChanges(project, settings, t).map((sentence) => (
            <li key={sentence} className="wrap-anywhere">
              {sentence}
            </li>
          ))}
        </ul>
        <SettingsConflict saving={saving} summarize={(theirs) => settingChanges(project, theirs, t).join(' ')} />
      </div>
    </Dialog>
  );
}
