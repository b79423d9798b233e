'use client';

import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, Card, CardHeader, IconButton, Select, TextField, useToast } from '@/components/ui';
import type { Project } from '@/lib/schemas/project';
import { MAX_ISSUE_TAGS, offeredTags, type TagColor, tagColors } from '@/lib/schemas/remark-keys';
import type { IssueTag } from '@/lib/schemas/remarks';
import { SettingsConflict } from './settings-conflict';
import { newTagId } from './tag-id';
import { useSettings } from './use-settings';

/** The form for the tags that annotators can put on responses and passages. */
export function IssueTagsForm({ project, onSaved }: { project: Project; onSaved: (project: Project) => void }) {
  const t = useTranslations('settings');
  const toast = useToast();
  const [tags, setTags] = useState<IssueTag[]>(() => offeredTags(project.issueTags));
  const saving = useSettings(project, (saved, how) => {
    if (how === 'mine') toast(t('issueTagsSaved'));
    onSaved(saved);
  });
  const change = (at: number, more: Partial<IssueTag>) =>
    setTags(tags.map((tag, i) => (i === at ? { ...tag, ...more } : tag)));
  const add = () =>
    setTags([...tags, { id: newTagId('tag', [...project.issueTags, ...tags]), name: '', color: 'grey' }]);
  const trimmed = tags.map((tag) => ({ ...tag, name: tag.name.trim() }));
  return (
    <Card>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          saving.save({ issueTags: trimmed });
        }}
      >
        <CardHeader title={t('issueTags')} description={t('issueTagsHint')} className="mb-4" />
        <ul className="grid gap-3">
          {tags.map((tag, at) => (
            <li key={tag.id} className="flex items-end gap-2">
              <span
                aria-hidden="true"
                data-tag={tag.color}
                className="mb-3.5 size-3 shrink-0 rounded-full bg-(--tag)"
              />
              <TextField
                label={t('tagNumber', { value: at + 1 })}
                className="min-w-0 flex-1"
                required
                maxLength={40}
                value={tag.name}
                onChange={(event) => change(at, { name: event.target.value })}
              />
              <Select
                label={t('colour')}
                className="w-32"
                value={tag.color}
                onChange={(event) => change(at, { color: event.target.value as TagColor })}
                options={tagColors.map((value) => ({ value, label: t(`colors.${value}`) }))}
              />
              <IconButton
                label={t('removeTag', { value: at + 1 })}
                onClick={() => setTags(tags.filter((_, i) => i !== at))}
              >
                <X aria-hidden="true" className="size-4" />
              </IconButton>
            </li>
          ))}
        </ul>
        <SettingsConflict
          saving={saving}
          summarize={({ issueTags }) =>
            offeredTags(issueTags)
              .map(({ name }) => name)
              .join(' · ')
          }
          className="mt-4"
        />
        <div className="mt-4 flex flex-wrap justify-between gap-2">
          <Button
            icon={<Plus aria-hidden="true" className="size-4" />}
            onClick={add}
            disabled={tags.length >= MAX_ISSUE_TAGS}
          >
            {t('addTag')}
          </Button>
          <Button variant="primary" type="submit" pending={saving.pending}>
            {t('saveTags')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
