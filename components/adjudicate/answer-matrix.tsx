'use client';

import { useTranslations } from 'next-intl';
import { placeName, responseLetter } from '@/components/annotate/board/announcements';
import { type Place, placesOf } from '@/components/annotate/board/board-state';
import { classNames } from '@/components/ui/class-names';
import { RowTh, Table, Td, Th } from '@/components/ui/table';
import { TierBadge } from '@/components/ui/tier';
import type { PromptAnswers } from '@/lib/schemas/decision';
import { useAnswerNames } from './use-answer-names';

type Column = { key: string; name: string; tiers: readonly string[]; places: Record<string, Place> };

/** Where everybody put each response: a row for each response, a column for each annotator, and the decision. */
export function AnswerMatrix({ answers }: { answers: PromptAnswers }) {
  const t = useTranslations('adjudicate');
  const nameOf = useAnswerNames();
  const [decision] = answers.decisions;
  const annotators = answers.answers.map((answer, index): Column => {
    const { id, tiers, placements } = answer.versions[0]!;
    return { key: id, name: nameOf(answer, index), tiers, places: placesOf(placements) };
  });
  const columns =
    decision?.kind === 'decided'
      ? [
          ...annotators,
          { key: 'decision', name: t('decision'), tiers: decision.tiers, places: placesOf(decision.placements) },
        ]
      : annotators;
  return (
    <Table caption={t('matrix')} className="w-auto">
      <thead>
        <tr>
          <Th>{t('response')}</Th>
          {columns.map(({ key, name }) => (
            <Th key={key}>
              <bdi>{name}</bdi>
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {answers.responses.map(({ id, externalId, source }, index) => {
          const isDisputed = new Set(annotators.map(({ places }) => places[id] ?? null)).size > 1;
          return (
            <tr key={id} className={classNames(isDisputed && 'bg-warn-wash')}>
              <RowTh className={classNames(isDisputed && 'border-s-3 border-s-warn')}>
                <span aria-hidden="true">{responseLetter(index)}</span>
                <span className="sr-only">{t('responseLetter', { letter: responseLetter(index) })}</span>{' '}
                <span className="font-mono font-normal text-faint text-xs wrap-anywhere">{externalId}</span>
                {source === null ? null : <span className="font-normal text-faint text-xs"> · {source}</span>}
                {isDisputed ? <span className="sr-only">, {t('disputed')}</span> : null}
              </RowTh>
              {columns.map(({ key, tiers, places }) => (
                <Td key={key}>
                  <PlaceWords place={places[id] ?? null} tiers={tiers} />
                </Td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}

function PlaceWords({ place, tiers }: { place: Place; tiers: readonly string[] }) {
  const t = useTranslations('annotate');
  if (typeof place === 'number') return <TierBadge index={place} tiers={tiers} className="max-w-40" />;
  return <span className="whitespace-nowrap text-faint text-xs">{placeName(place, tiers, t)}</span>;
}
