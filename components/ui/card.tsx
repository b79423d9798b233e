import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names';

/** A surface with a hairline; `flush` leaves the padding to the content (tables, lists). */
export function Card({ className, flush = false, ...props }: ComponentProps<'section'> & { flush?: boolean }) {
  return (
    <section
      {...props}
      className={classNames(
        'min-w-0 rounded-lg border border-line bg-surface shadow-card',
        flush ? 'overflow-hidden' : 'p-5',
        className,
      )}
    />
  );
}

/** Title row of a card: `actions` go to the right and wrap below on a phone. */
export function CardHeader({
  title,
  description,
  actions,
  className,
  level = 2,
  id,
}: {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  className?: string;
  level?: 2 | 3;
  id?: string;
}) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <div className={classNames('flex flex-wrap items-start justify-between gap-x-4 gap-y-3', className)}>
      <div className="min-w-0 flex-1 basis-36">
        <Heading id={id} className="font-semibold text-base">
          {title}
        </Heading>
        {description ? <p className="mt-0.5 text-sm text-soft">{description}</p> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </div>
  );
}
