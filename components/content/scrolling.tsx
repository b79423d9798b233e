import { useTranslations } from 'next-intl';
import { type ReactNode, useId } from 'react';

/** Wide content scrolls in its own box, which the keyboard can reach; arrows there scroll it. */
export function Scrolling({ what, children }: { what: 'code' | 'table'; children: ReactNode }) {
  const t = useTranslations('content');
  const id = useId();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section aria-label={t(what)} id={id} data-scrolls tabIndex={0} className="content-scroll">
      {children}
    </section>
  );
}
