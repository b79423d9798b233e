import type { ReactNode } from 'react';

/** The page's h1, a sentence about it, and its main actions. */
export function PageHeader({
  title,
  description,
  actions,
  eyebrow,
}: {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  eyebrow?: ReactNode;
}) {
  return (
    <div className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
      <div className="min-w-0 flex-1 basis-72">
        {eyebrow ? <div className="mb-1 text-[0.8125rem] text-faint">{eyebrow}</div> : null}
        <h1 className="font-semibold text-[1.625rem] leading-tight tracking-tight">{title}</h1>
        {description ? <p className="mt-1.5 max-w-prose text-soft">{description}</p> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </div>
  );
}

/** The page's column: `width` narrow for forms, wide for boards and charts. */
export function Page({ children, width = 'normal' }: { children: ReactNode; width?: 'narrow' | 'normal' | 'wide' }) {
  const widths = { narrow: 'max-w-2xl', normal: 'max-w-6xl', wide: 'max-w-[100rem]' };
  return <div className={`mx-auto w-full px-4 py-6 sm:px-6 sm:py-8 ${widths[width]}`}>{children}</div>;
}
