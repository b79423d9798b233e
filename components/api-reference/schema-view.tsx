'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Badge } from '@/components/ui';
import type { SchemaField } from './schema-fields';

/** The fields of a body or an answer; what lies in one is folded. `isSent`: says which have to be. */
export function SchemaView({ fields, isSent }: { fields: readonly SchemaField[]; isSent: boolean }) {
  return (
    <ul className="divide-y divide-line text-sm">
      {fields.map((field) => (
        <li key={field.name} className="py-2">
          <FieldLine {...field} isRequired={isSent && field.isRequired} />
          {field.fields.length > 0 ? <Folded field={field} isSent={isSent} /> : null}
        </li>
      ))}
    </ul>
  );
}

/** A parameter or a field: its name, what it is, whether it has to be there. */
export function FieldLine({ name, type, isRequired, description }: Omit<SchemaField, 'fields'>) {
  const t = useTranslations('apiReference');
  return (
    <>
      <p className="flex flex-wrap items-baseline gap-x-2.5 gap-y-1">
        <code dir="ltr" className="wrap-anywhere font-medium font-mono text-[0.8125rem]">
          {name}
        </code>
        <code dir="ltr" className="wrap-anywhere font-mono text-faint text-xs">
          {type}
        </code>
        {isRequired ? <Badge>{t('required')}</Badge> : null}
      </p>
      {description === null ? null : <DocumentText className="mt-0.5 text-[0.8125rem] text-soft" text={description} />}
    </>
  );
}

function Folded({ field, isSent }: { field: SchemaField; isSent: boolean }) {
  const t = useTranslations('apiReference');
  /** Once it was open it stays: a schema of hundreds of fields is drawn as far as somebody looks into it. */
  const [wasOpen, setWasOpen] = useState(false);
  return (
    <details
      className="mt-1.5"
      onToggle={(event) => {
        if (event.currentTarget.open) setWasOpen(true);
      }}
    >
      <summary className="w-fit cursor-pointer rounded-sm text-[0.8125rem] text-accent">
        {t('fieldsIn', { count: field.fields.length })}
        <span className="sr-only">
          {' '}
          <code dir="ltr">{field.name}</code>
        </span>
      </summary>
      {wasOpen ? (
        <div className="ms-1 mt-1 border-line border-s ps-3.5">
          <SchemaView fields={field.fields} isSent={isSent} />
        </div>
      ) : null}
    </details>
  );
}

/** What the document says, in its own language, with `names` in it as code. */
export function DocumentText({ text, className }: { text: string; className?: string }) {
  return (
    <p lang="en" dir="auto" className={`wrap-anywhere ${className ?? ''}`}>
      {text.split('`').map((part, i) =>
        i % 2 === 0 ? (
          part
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
          <code key={i} className="font-mono text-[0.9em]">
            {part}
          </code>
        ),
      )}
    </p>
  );
}
