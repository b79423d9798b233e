'use client';

import { Link2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Badge, Card } from '@/components/ui';
import type { DescribedOperation, JsonSchema, Parameter } from '@/lib/schemas/open-api';
import { CodeSamples } from './code-samples';
import { fieldsOf, typeLine } from './schema-fields';
import { DocumentText, FieldLine, SchemaView } from './schema-view';

/** What an operation's address begins with. */
const BASE = '/api/v1';

/** One operation: what it does and needs, what it answers, and programs that ask for it. */
export function OperationCard({ operation, problem }: { operation: DescribedOperation; problem: JsonSchema }) {
  const t = useTranslations('apiReference');
  const { id, method, path, scope, summary, description, parameters, body, bodyExample, answer } = operation;
  return (
    <Card aria-labelledby={id} className="grid gap-x-8 gap-y-5 xl:grid-cols-2">
      <div className="min-w-0">
        <h3 id={id} tabIndex={-1} className="flex scroll-mt-6 items-center gap-2 font-semibold text-base outline-none">
          <span lang="en" dir="auto">
            {summary}
          </span>
          <a
            href={`#${id}`}
            aria-label={t('linkTo', { operation: id })}
            className="rounded-sm text-faint hover:text-ink"
          >
            <Link2 aria-hidden="true" className="size-4" />
          </a>
        </h3>
        <p className="mt-1 flex flex-wrap items-baseline gap-2">
          <code dir="ltr" className="wrap-anywhere font-mono text-[0.8125rem] text-soft">
            <strong className="font-semibold text-ink">{method}</strong> {BASE + path}
          </code>
          <Badge tone="accent">
            {t('scope')} <code className="font-mono">{scope}</code>
          </Badge>
        </p>
        {description === '' ? null : <DocumentText className="mt-2 text-sm text-soft" text={description} />}
        <Parameters parameters={parameters} />
        {body === null ? null : <Shape title={t('body')} shape={body} name={String(bodyExample)} isSent />}
        <Shape title={t('answer')} shape={answer} name={operation.answerFile ?? ''} />
        <details className="mt-4">
          <summary className="w-fit cursor-pointer rounded-sm font-medium text-sm">{t('problems')}</summary>
          <p className="mt-1 text-[0.8125rem] text-soft">{t('problemsHint')}</p>
          <SchemaView fields={fieldsOf(problem)} isSent={false} />
        </details>
      </div>
      <div className="min-w-0">
        <CodeSamples operation={operation} />
      </div>
    </Card>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-4">
      <h4 className="font-medium text-sm">{title}</h4>
      {children}
    </section>
  );
}

function Parameters({ parameters }: { parameters: readonly Parameter[] }) {
  const t = useTranslations('apiReference');
  if (parameters.length === 0) return null;
  const places = (['path', 'query', 'header'] as const).map(
    (place) => [place, parameters.filter((parameter) => parameter.in === place)] as const,
  );
  return places.map(([place, some]) =>
    some.length === 0 ? null : (
      <Part key={place} title={t(`parameters.${place}`)}>
        <ul className="divide-y divide-line text-sm">
          {some.map(({ name, schema, required, description = null }) => (
            <li key={name} className="py-2">
              <FieldLine name={name} type={typeLine(schema)} isRequired={required} description={description} />
            </li>
          ))}
        </ul>
      </Part>
    ),
  );
}

/** A body or an answer. @param name of the file that it is in the example */
function Shape({
  title,
  shape,
  name,
  isSent = false,
}: {
  title: string;
  shape: JsonSchema | 'file' | 'nothing';
  name: string;
  isSent?: boolean;
}) {
  const t = useTranslations('apiReference');
  if (typeof shape === 'string') {
    return (
      <Part title={title}>
        <p className="mt-1 text-sm text-soft">
          {shape === 'nothing'
            ? t('nothing')
            : t.rich('file', {
                name,
                code: (text) => (
                  <code dir="ltr" className="wrap-anywhere">
                    {text}
                  </code>
                ),
              })}
        </p>
      </Part>
    );
  }
  const fields = fieldsOf(shape);
  return (
    <Part title={title}>
      {fields.length > 0 ? (
        <SchemaView fields={fields} isSent={isSent} />
      ) : (
        <code dir="ltr" className="font-mono text-faint text-xs">
          {typeLine(shape)}
        </code>
      )}
    </Part>
  );
}
