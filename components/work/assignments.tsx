'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useProject } from '@/components/projects/use-project';
import { Button, Card, CardHeader, Notice, Select, TextArea, useErrorMessage, useToast } from '@/components/ui';
import { api, useApi, useInvalidate } from '@/components/ui/api';
import { Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import { useNameList } from '@/components/ui/use-name-list';
import type { AssignedPrompts, AssignmentsAnswer, HeldPlace } from '@/lib/schemas/assignment';
import type { Member } from '@/lib/schemas/people';
import { namedPrompts } from './named-prompts';

/** Who holds which prompt; prompts are given to people by name here, and taken back. */
export function Assignments({ projectId }: { projectId: string }) {
  const t = useTranslations('work');
  const path = `/projects/${projectId}/assignments`;
  const members = useProject(projectId).data?.members;
  const held = useApi<AssignmentsAnswer>(path, { fresh: true }).data;
  if (!members || !held) return null;
  return (
    <Card flush>
      <CardHeader className="p-5" title={t('assignments')} description={t('assignmentsHint')} />
      {held.places.length > 0 ? (
        <Places path={path} places={held.places} />
      ) : (
        <p className="px-5 pb-5 text-sm text-soft">{t('nothingReserved')}</p>
      )}
      {held.extra > 0 ? (
        <p className="px-5 py-3 text-sm text-soft">{t('extraAnnotations', { count: held.extra })}</p>
      ) : null}
      <NamePrompts path={path} members={members} />
    </Card>
  );
}

function Places({ path, places }: { path: string; places: HeldPlace[] }) {
  const t = useTranslations('work');
  const { formatDateTime } = useFormats();
  const errorMessage = useErrorMessage();
  const invalidate = useInvalidate();
  const toast = useToast();
  const takeBack = async ({ promptId, annotatorId }: HeldPlace) => {
    try {
      await api(path, { method: 'DELETE', json: { promptId, annotatorId } });
    } catch (error) {
      toast(errorMessage(error), 'bad');
    }
    await invalidate(path);
  };
  return (
    <Table caption={t('assignments')}>
      <thead>
        <tr>
          <Th>{t('prompt')}</Th>
          <Th>{t('annotator')}</Th>
          <Th>{t('reservedUntil')}</Th>
          <Th>
            <span className="sr-only">{t('takeBack')}</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {places.map((place) => (
          <tr key={`${place.promptId} ${place.annotatorId}`}>
            <Td className="font-mono text-[0.8125rem] wrap-anywhere">{place.externalId}</Td>
            <Td dir="auto">{place.annotator}</Td>
            <Td className="whitespace-nowrap">
              {place.leasedUntil === null ? t('reservedByName') : formatDateTime(place.leasedUntil)}
            </Td>
            <Td className="text-end">
              <Button
                size="sm"
                aria-label={t('takeBackFrom', { prompt: place.externalId, name: place.annotator })}
                onClick={() => void takeBack(place)}
              >
                {t('takeBack')}
              </Button>
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function NamePrompts({ path, members }: { path: string; members: Member[] }) {
  const t = useTranslations('work');
  const errorMessage = useErrorMessage();
  const invalidate = useInvalidate();
  const toast = useToast();
  const [annotatorId, setAnnotatorId] = useState(members[0]?.userId ?? '');
  const [insteadOf, setInsteadOf] = useState('');
  const [text, setText] = useState('');
  const [isPending, setIsPending] = useState(false);
  const [answer, setAnswer] = useState<AssignedPrompts | null>(null);
  const nameList = useNameList();
  const prompts = namedPrompts(text);
  const options = members.map(({ userId, name }) => ({ value: userId, label: name }));

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (prompts.length === 0 || isPending) return;
    setIsPending(true);
    try {
      const json = { annotatorId, prompts, ...(insteadOf && { insteadOf }) };
      const given = await api<AssignedPrompts>(path, { method: 'POST', json });
      setAnswer(given);
      setText(given.refused.map(({ prompt }) => prompt).join('\n'));
    } catch (error) {
      toast(errorMessage(error), 'bad');
    }
    await invalidate(path);
    setIsPending(false);
  };

  if (members.length === 0) return null;
  return (
    <form onSubmit={submit} className="grid gap-4 border-line border-t p-5 sm:grid-cols-2">
      <Select
        label={t('assignTo')}
        value={annotatorId}
        onChange={(event) => setAnnotatorId(event.target.value)}
        options={options}
      />
      <Select
        label={t('insteadOf')}
        value={insteadOf}
        onChange={(event) => setInsteadOf(event.target.value)}
        options={[{ value: '', label: t('insteadOfNobody') }, ...options]}
      />
      <TextArea
        label={t('assignPrompts')}
        hint={t('assignPromptsHint')}
        rows={3}
        mono
        dir="ltr"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="sm:col-span-2"
      />
      <div aria-live="polite" className="sm:col-span-2">
        {answer ? (
          <Notice tone={answer.refused.length + answer.inOtherLanguages.length > 0 ? 'warn' : 'good'}>
            {t('promptsAssigned', { count: answer.assigned })}{' '}
            {answer.inOtherLanguages.length > 0
              ? t('inOtherLanguages', {
                  count: answer.inOtherLanguages.length,
                  prompts: nameList(answer.inOtherLanguages),
                })
              : null}
            {answer.refused.length > 0 ? (
              <ul className="mt-1 list-disc ps-5">
                {answer.refused.map(({ prompt, reason }) => (
                  <li key={prompt}>{t(`assignmentObstacles.${reason}`, { prompt })}</li>
                ))}
              </ul>
            ) : null}
          </Notice>
        ) : null}
      </div>
      <div className="flex justify-end sm:col-span-2">
        <Button type="submit" pending={isPending}>
          {t('assign')}
        </Button>
      </div>
    </form>
  );
}
