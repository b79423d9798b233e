'use client';

import { Highlighter, Tag } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { MenuButton } from '@/components/ui/menu';
import { offeredTags } from '@/lib/schemas/remark-keys';
import type { IssueTag } from '@/lib/schemas/remarks';
import { useRemarksView } from './remarks-context';

/** The dot of a tag; its name stands beside it. */
export function TagDot({ tag }: { tag: IssueTag }) {
  return <span aria-hidden="true" data-tag={tag.color} className="size-2.5 shrink-0 rounded-full bg-(--tag)" />;
}

/** The issue tags of one response, on and off. */
export function CardTagMenu({ id, name }: { id: string; name: string }) {
  const t = useTranslations('annotate');
  const { remarks, tags, act } = useRemarksView();
  const on = new Set(remarks.tags.filter(({ responseId }) => responseId === id).map(({ tag }) => tag));
  const shown = tags.filter((tag) => !tag.retired || on.has(tag.id));
  if (shown.length === 0) return null;
  return (
    <span data-card-tags>
      <MenuButton
        label={t('tagsOfName', { name })}
        className="size-8 pointer-coarse:size-10"
        entries={() =>
          shown.map((tag) => ({
            id: tag.id,
            label: tag.name,
            icon: <TagDot tag={tag} />,
            checked: on.has(tag.id),
            onSelect: () => act({ type: 'toggle-tag', id, tag: tag.id }),
          }))
        }
      >
        <Tag aria-hidden="true" className="size-3.5" />
      </MenuButton>
    </span>
  );
}

/** The tags of one response as dots, where there is room for no more. */
export function ChipTags({ id }: { id: string }) {
  const t = useTranslations('annotate');
  const { remarks, tags } = useRemarksView();
  const tagged = remarks.tags.filter(({ responseId }) => responseId === id);
  if (tagged.length === 0) return null;
  const shown = tags.filter((tag) => tagged.some((one) => one.tag === tag.id));
  const names = shown.map(({ name }) => name).join(', ');
  return (
    <span title={names} className="flex shrink-0 gap-0.5">
      <span className="sr-only">{t('tagged', { names })}</span>
      {shown.map((tag) => (
        <TagDot key={tag.id} tag={tag} />
      ))}
    </span>
  );
}

/** What was said about one response, below its text. */
export function CardRemarks({ id, name }: { id: string; name: string }) {
  const t = useTranslations('annotate');
  const { remarks, tags, openHighlights } = useRemarksView();
  const tagged = remarks.tags.filter(({ responseId }) => responseId === id);
  const highlights = remarks.marks.filter(({ responseId }) => responseId === id).length;
  if (tagged.length === 0 && highlights === 0) return null;
  return (
    <ul aria-label={t('remarksOnName', { name })} className="flex flex-wrap items-center gap-1.5 pb-1.5">
      {tags
        .filter((tag) => tagged.some((one) => one.tag === tag.id))
        .map((tag) => (
          <li
            key={tag.id}
            className="flex min-w-0 items-center gap-1.5 rounded-full border border-line bg-paper px-2 py-0.5 text-xs"
          >
            <TagDot tag={tag} />
            <span className="min-w-0 wrap-anywhere">{tag.name}</span>
          </li>
        ))}
      {highlights > 0 ? (
        <li>
          <button
            type="button"
            onClick={() => openHighlights(id)}
            className="flex items-center gap-1.5 rounded-full border border-line bg-paper px-2 py-0.5 text-xs hover:border-edge"
          >
            <Highlighter aria-hidden="true" className="size-3 text-soft" />
            {t('countMarks', { marks: highlights })}
          </button>
        </li>
      ) : null}
    </ul>
  );
}

/** Tags as the board offers them. */
export function useOfferedTags(): IssueTag[] {
  return offeredTags(useRemarksView().tags);
}
