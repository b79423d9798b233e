'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type DraftTier, draftTiers, TierFields, toStoredTiers } from '@/components/projects/tier-fields';
import { Button, Card, CardHeader, Notice, useToast } from '@/components/ui';
import type { Project } from '@/lib/schemas/project';
import { tierProblem } from '@/lib/schemas/tier-rules';
import { RenameTiersDialog } from './rename-tiers-dialog';
import { renamedTiers } from './settings-changes';
import { SettingsConflict } from './settings-conflict';
import { useSettings } from './use-settings';

/** The form for the tiers' names and colours. Their number can change only before the first annotation. */
export function TiersForm({
  project,
  annotated,
  onSaved,
}: {
  project: Project;
  annotated: boolean;
  onSaved: (project: Project) => void;
}) {
  const t = useTranslations('settings');
  const tiers = useTranslations('projects');
  const toast = useToast();
  const [drafts, setDrafts] = useState<DraftTier[]>(() => draftTiers(project.tiers, project.tierColors));
  const [problem, setProblem] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const saving = useSettings(project, (saved, how) => {
    if (how === 'mine') toast(t('tiersSaved'));
    onSaved(saved);
  });
  // Somebody may have judged the first prompt since the page was opened.
  const [judged, setJudged] = useState(annotated);
  if (!judged && saving.needsConfirmation) {
    setJudged(true);
    setAsking(true);
  }
  const changes = toStoredTiers(drafts);
  const renamed = renamedTiers(project.tiers, changes.tiers);
  return (
    <Card>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const found = tierProblem(changes.tiers);
          setProblem(found && tiers(`tierProblems.${found}`));
          if (found) return;
          if (judged && renamed.length > 0) setAsking(true);
          else saving.save(changes);
        }}
      >
        <CardHeader title={t('tiers')} description={t('tiersHint')} className="mb-4" />
        <TierFields
          tiers={drafts}
          onChange={setDrafts}
          fixed={judged ? t('tierCountFixed', { count: project.tiers.length }) : undefined}
        />
        {problem ? (
          <Notice tone="bad" className="mt-4">
            {problem}
          </Notice>
        ) : (
          <SettingsConflict saving={saving} summarize={({ tiers }) => tiers.join(' · ')} className="mt-4" />
        )}
        <div className="mt-4 flex justify-end">
          <Button variant="primary" type="submit" pending={saving.pending}>
            {t('saveTiers')}
          </Button>
        </div>
      </form>
      <RenameTiersDialog
        renamed={renamed}
        isOpen={asking}
        onOpenChange={setAsking}
        onConfirm={() => {
          setAsking(false);
          saving.save({ ...changes, renameJudgedTiers: true });
        }}
      />
    </Card>
  );
}
