import Link from 'next/link';
import type { ReactNode } from 'react';

/** One prompt in a list: its id as a link, how it begins, what is known of it, and badges; buttons stand behind them. */
export function PromptListItem({
  href,
  externalId,
  excerpt,
  facts,
  badges,
  children,
}: {
  href: string;
  externalId: string;
  excerpt: string;
  facts: readonly string[];
  badges: ReactNode;
  children?: ReactNode;
}) {
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-5 py-3 text-sm">
      <div className="min-w-0 flex-1 basis-72">
        <Link href={href} className="font-medium font-mono text-[0.8125rem] text-accent wrap-anywhere hover:underline">
          {externalId}
        </Link>
        <p dir="auto" className="mt-0.5 line-clamp-2 wrap-anywhere">
          {excerpt}
        </p>
        <p className="mt-1 text-[0.8125rem] text-faint">{facts.join(' · ')}</p>
      </div>
      <p className="flex flex-wrap gap-1.5">{badges}</p>
      {children}
    </li>
  );
}
