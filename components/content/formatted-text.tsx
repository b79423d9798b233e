'use client';

import { memo, type ReactElement, useSyncExternalStore } from 'react';
import { classNames } from '@/components/ui/class-names';
import { type TextForm, textForm } from './text-form';

type Render = (text: string) => ReactElement;
type Kind = 'markdown' | 'markdown-math' | 'plain-math';

/** Loaded when the first text needs one; a failure (offline) leaves texts as they were written. */
const loaders: Record<Kind, () => Promise<Render>> = {
  markdown: () => import('./markdown').then((module) => module.renderMarkdown),
  'markdown-math': () => import('./markdown-math').then((module) => module.renderMarkdownMath),
  'plain-math': () => import('./markdown-math').then((module) => module.renderPlainMath),
};
const ready = new Map<Kind, Render>();
const pending = new Set<Kind>();
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function load(kind: Kind): void {
  if (ready.has(kind) || pending.has(kind)) return;
  pending.add(kind);
  loaders[kind]()
    .then((render) => {
      ready.set(kind, render);
      for (const listener of listeners) listener();
    })
    .catch(() => undefined)
    .finally(() => pending.delete(kind));
}

function kindOf({ markdown, math }: TextForm): Kind | null {
  if (markdown) return math ? 'markdown-math' : 'markdown';
  return math ? 'plain-math' : null;
}

/** Fetches what these texts will need before they are on screen. */
export function prepareTexts(texts: readonly string[]): void {
  for (const text of texts) {
    const kind = kindOf(textForm(text));
    if (kind) load(kind);
  }
}

/**
 * A text by somebody else. Plain unless it is plainly Markdown or holds formulas; `form` overrides the look at the
 * text (a shortened text keeps the form of the whole one). Right-to-left texts run right to left.
 */
export const FormattedText = memo(function FormattedText({
  text,
  form,
  className,
}: {
  text: string;
  form?: TextForm;
  className?: string;
}) {
  const kind = kindOf(form ?? textForm(text));
  const render = useSyncExternalStore(
    (listener) => {
      if (kind) load(kind);
      return subscribe(listener);
    },
    () => (kind ? ready.get(kind) : undefined),
    () => undefined,
  );
  if (!render) {
    return (
      <div dir="auto" className={classNames('prose-response', className)}>
        {text}
      </div>
    );
  }
  return (
    <div dir="auto" className={classNames(kind === 'plain-math' ? 'prose-response' : 'content', className)}>
      {render(text)}
    </div>
  );
});

export type { TextForm } from './text-form';
export { textForm } from './text-form';
