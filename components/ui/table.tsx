import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names';

/**
 * A table that scrolls horizontally inside its container on narrow screens. `caption` names it for everybody who
 * cannot see it. The box is the origin of what is positioned inside: hidden words at a far column would widen the page.
 * Use with <thead>, <tbody>, <tr> and Th/Td.
 */
export function Table({
  caption,
  children,
  className,
  ...props
}: { caption: string; children: ReactNode } & ComponentProps<'table'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section aria-label={caption} tabIndex={0} className="relative overflow-x-auto">
      <table {...props} className={classNames('w-full border-collapse text-start text-sm', className)}>
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </section>
  );
}

type Align = { numeric?: boolean };

export function Th({ numeric, className, ...props }: ComponentProps<'th'> & Align) {
  return (
    <th
      scope="col"
      {...props}
      className={classNames(
        'whitespace-nowrap border-line border-b bg-sunken px-4 py-2 font-medium text-[0.8125rem] text-soft',
        numeric ? 'text-end' : 'text-start',
        className,
      )}
    />
  );
}

/** The cell that names its row. */
export function RowTh({ className, ...props }: ComponentProps<'th'>) {
  return (
    <th
      scope="row"
      {...props}
      className={classNames(
        'border-line border-b px-4 py-2.5 text-start align-top font-medium in-[tr:last-child]:border-b-0',
        className,
      )}
    />
  );
}

export function Td({ numeric, className, ...props }: ComponentProps<'td'> & Align) {
  return (
    <td
      {...props}
      className={classNames(
        'border-line border-b px-4 py-2.5 align-top in-[tr:last-child]:border-b-0',
        numeric && 'tabular text-end',
        className,
      )}
    />
  );
}
