import 'katex/dist/katex.min.css';
import type { RootContent } from 'hast';
import { type Components, toJsxRuntime } from 'hast-util-to-jsx-runtime';
import { useTranslations } from 'next-intl';
import { memo, type ReactNode, useMemo } from 'react';
import { Fragment, jsx, jsxs } from 'react/jsx-runtime';
import { withCitations } from './citations';
import { Citation, useCitedDocuments } from './citations-context';
import { CodeBlock } from './code-block';
import { Scrolling } from './scrolling';

/** A block of a text: a component of its own, so that a page which draws many can answer a key in between. */
export const DrawnBlock = memo(function DrawnBlock({ block }: { block: RootContent }) {
  const documents = useCitedDocuments();
  return useMemo(
    () =>
      toJsxRuntime(
        { type: 'root', children: [withCitations(block, documents)] },
        { Fragment, jsx, jsxs, components, ignoreInvalidStyle: true },
      ),
    [block, documents],
  );
});

function ContentLink({ href, children }: { href?: string; children?: ReactNode }) {
  if (!href || !/^(https?:|mailto:)/i.test(href)) return <span>{children}</span>;
  return (
    <a
      href={href}
      // Where it really leads is part of what people judge.
      title={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="text-accent underline underline-offset-2"
    >
      {children}
    </a>
  );
}

/** Images stay out: a picture's address would tell its server who judges what, and when. */
function ImageInWords({ src, alt }: { src?: unknown; alt?: string }) {
  const t = useTranslations('content');
  const address = typeof src === 'string' && /^https?:/i.test(src) ? src : '';
  return (
    <span className="rounded-sm border border-line border-dashed px-1.5 text-faint">
      {alt ? t('imageOf', { alt }) : t('image')}
      {address ? ` (${address})` : ''}
    </span>
  );
}

function TaskBox({ checked }: { checked?: boolean }) {
  const t = useTranslations('content');
  return (
    <span role="img" aria-label={checked ? t('done') : t('notDone')}>
      {checked ? '☑' : '☐'}
    </span>
  );
}

/** The page owns the first three heading levels. */
const components: Partial<Components> = {
  a: ({ href, children }) => <ContentLink href={href}>{children}</ContentLink>,
  img: ({ src, alt }) => <ImageInWords src={src} alt={alt} />,
  input: ({ checked }) => <TaskBox checked={checked} />,
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
  // Texts have no buttons but those that are made of citations.
  button: ({ value, children }) => <Citation document={Number(value)}>{children}</Citation>,
  table: ({ children }) => (
    <Scrolling what="table">
      <table>{children}</table>
    </Scrolling>
  ),
  h1: ({ children }) => <h4 data-level="1">{children}</h4>,
  h2: ({ children }) => <h5 data-level="2">{children}</h5>,
  h3: ({ children }) => <h6 data-level="3">{children}</h6>,
  h4: ({ children }) => <h6>{children}</h6>,
  h5: ({ children }) => <h6>{children}</h6>,
};
