'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, Card, CardHeader, Select, TextField, useToast } from '@/components/ui';
import { assignmentOrders } from '@/lib/schemas/assignment-rules';
import type { Project } from '@/lib/schemas/project';
import {
  type AssignmentFields,
  fieldsOf,
  isAdaptive,
  type NumberField,
  readFields,
  withNumber,
} from './assignment-fields';
import { SettingsConflict } from './settings-conflict';
import { useSettings } from './use-settings';

/** How many people judge each prompt, in which order, and how long a prompt waits for somebody. */
export function AssignmentForm({ project, onSaved }: { project: Project; onSaved: (project: Project) => void }) {
  const t = useTranslations('settings');
  const toast = useToast();
  const [fields, setFields] = useState<AssignmentFields>(() => fieldsOf(project));
  const saving = useSettings(project, (saved, how) => {
    if (how === 'mine') toast(t('assignment.saved'));
    onSaved(saved);
  });
  const read = readFields(fields);
  const orders = assignmentOrders.filter((order) => order !== 'least_certain' || isAdaptive(fields));
  const wrong = 'wrong' in read ? read.wrong : {};
  const field = (name: NumberField) => ({
    label: t(`assignment.fields.${name}.label`),
    hint: t(`assignment.fields.${name}.hint`),
    error: wrong[name] ? t('assignment.numberFrom', wrong[name]) : undefined,
    inputMode: 'numeric' as const,
    autoComplete: 'off',
    value: fields[name],
    onChange: (event: { target: { value: string } }) => setFields(withNumber(fields, name, event.target.value)),
  });
  return (
    <Card>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if ('settings' in read) saving.save(read.settings);
        }}
      >
        <CardHeader title={t('assignment.title')} description={t('assignment.hint')} className="mb-4" />
        <div className="grid gap-4 sm:grid-cols-2 sm:items-start">
          <TextField {...field('overlap')} className="sm:col-span-2" />
          {fields.overlap.trim() === '' ? null : (
            <>
              <TextField {...field('overlapSamplePercent')} />
              <TextField {...field('overlapSample')} />
              <TextField {...field('overlapMinimum')} />
              {isAdaptive(fields) ? <TextField {...field('closingCertainty')} /> : null}
            </>
          )}
          <Select
            label={t('assignment.fields.assignmentOrder.label')}
            hint={t(`assignment.orders.${fields.assignmentOrder}.meaning`)}
            value={fields.assignmentOrder}
            onChange={(event) =>
              setFields({ ...fields, assignmentOrder: event.target.value as AssignmentFields['assignmentOrder'] })
            }
            options={orders.map((value) => ({ value, label: t(`assignment.orders.${value}.name`) }))}
            className="sm:col-span-2"
          />
          <TextField {...field('leaseMinutes')} />
          <TextField {...field('promptLimit')} />
        </div>
        <SettingsConflict
          saving={saving}
          summarize={(theirs) =>
            t('assignment.summary', {
              overlap: theirs.overlap ?? 0,
              order: t(`assignment.orders.${theirs.assignmentOrder}.name`),
              minutes: theirs.leaseMinutes,
            })
          }
          className="mt-4"
        />
        <div className="mt-4 flex justify-end">
          <Button variant="primary" type="submit" pending={saving.pending}>
            {t('assignment.save')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
