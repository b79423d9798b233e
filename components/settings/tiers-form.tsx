'use client';

import { useState } from 'react';
import type { Project } from '@/components/projects/project-types';
import { draftTiers, TierFields, tiersOf } from '@/components/projects/tier-fields';
import { Button, Card, CardHeader, errorMessage, Notice, useToast } from '@/components/ui';
import { api, useApiMutation } from '@/components/ui/api';
import { type TierColor, tierProblem } from '@/lib/schemas/tier-rules';

/** Names and colours of the tiers; how many there are only while nothing has been annotated. */
export function TiersForm({ project, annotated }: { project: Project; annotated: boolean }) {
  const toast = useToast();
  const [drafts, setDrafts] = useState(() => draftTiers(project.tiers, project.tierColors));
  const [problem, setProblem] = useState<string | null>(null);
  const path = `/projects/${project.id}`;
  const save = useApiMutation(
    (json: { tiers: string[]; tierColors: TierColor[] }) => api(path, { method: 'PATCH', json }),
    [path],
    () => toast('The tiers are saved.'),
  );
  const shown = problem ?? (save.isError ? errorMessage(save.error) : null);
  return (
    <Card>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const changes = tiersOf(drafts);
          const found = tierProblem(changes.tiers);
          setProblem(found);
          if (!found && !save.isPending) save.mutate(changes);
        }}
      >
        <CardHeader
          title="Tiers"
          description="What annotations, snapshots and runs say stays as it is: they refer to a tier by its number."
          className="mb-4"
        />
        <TierFields
          tiers={drafts}
          onChange={setDrafts}
          fixed={
            annotated
              ? `There are annotations, so the number of tiers stays ${project.tiers.length}: another number would change what they say.`
              : undefined
          }
        />
        {shown ? (
          <Notice tone="bad" className="mt-4">
            {shown}
          </Notice>
        ) : null}
        <div className="mt-4 flex justify-end">
          <Button variant="primary" type="submit" pending={save.isPending}>
            Save tiers
          </Button>
        </div>
      </form>
    </Card>
  );
}
