'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { Button, Select, TextField } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import { type PromptFilter, promptSigns, promptSorts, promptStates } from '@/lib/schemas/prompt-list';
import type { PromptSearch } from './prompt-query';

/** What is looked for. A choice counts at once, what is typed when Enter is pressed. */
export function PromptFilters({
  search,
  languages,
  onSearch,
}: {
  search: PromptSearch;
  languages: readonly string[];
  onSearch: (search: PromptSearch) => void;
}) {
  const t = useTranslations('prompts');
  const { formatLanguage } = useFormats();
  const [typed, setTyped] = useState(wordsOf(search));
  const [shown, setShown] = useState(search);
  // Another search came from elsewhere: a link, the browser's Back, or "Show all prompts".
  if (search.text !== shown.text || search.source !== shown.source) {
    setShown(search);
    setTyped(wordsOf(search));
  }
  const change = (part: Partial<PromptSearch>) => {
    const next = { ...search, ...trimmed(typed), ...part };
    onSearch(Object.fromEntries(Object.entries(next).filter(([, value]) => value)) as PromptSearch);
  };
  const choose = <Name extends keyof PromptFilter>(name: Name, value: string) =>
    change({ [name]: value === '' ? undefined : value });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change({});
  };
  const offered = search.language && !languages.includes(search.language) ? [...languages, search.language] : languages;
  return (
    <search aria-label={t('search')}>
      <form onSubmit={submit} className="grid gap-3">
        <div className="grid items-end gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,16rem)_auto]">
          <TextField
            type="search"
            label={t('text')}
            placeholder={t('textPlaceholder')}
            maxLength={200}
            dir="auto"
            value={typed.text}
            onChange={(event) => setTyped({ ...typed, text: event.target.value })}
          />
          <TextField
            label={t('source')}
            placeholder={t('sourcePlaceholder')}
            maxLength={200}
            dir="auto"
            value={typed.source}
            onChange={(event) => setTyped({ ...typed, source: event.target.value })}
          />
          <Button type="submit">{t('find')}</Button>
        </div>
        <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
          <Select
            label={t('state')}
            value={search.state ?? ''}
            onChange={(event) => choose('state', event.target.value)}
            options={[
              { value: '', label: t('anyState') },
              ...promptStates.map((state) => ({ value: state, label: t(`states.${state}`) })),
            ]}
          />
          <Select
            label={t('sign')}
            value={search.sign ?? ''}
            onChange={(event) => choose('sign', event.target.value)}
            options={[
              { value: '', label: t('anySign') },
              ...promptSigns.map((sign) => ({ value: sign, label: t(`signs.${sign}`) })),
            ]}
          />
          <Select
            label={t('language')}
            value={search.language ?? ''}
            disabled={offered.length === 0}
            onChange={(event) => choose('language', event.target.value)}
            options={[
              { value: '', label: t('anyLanguage') },
              ...offered.map((language) => ({ value: language, label: formatLanguage(language) })),
            ]}
          />
          <Select
            label={t('sort')}
            value={search.sort}
            onChange={(event) => change({ sort: event.target.value as PromptSearch['sort'] })}
            options={promptSorts.map((sort) => ({ value: sort, label: t(`sorts.${sort}`) }))}
          />
        </div>
      </form>
    </search>
  );
}

const wordsOf = ({ text = '', source = '' }: PromptSearch) => ({ text, source });
const trimmed = ({ text, source }: { text: string; source: string }) => ({ text: text.trim(), source: source.trim() });
