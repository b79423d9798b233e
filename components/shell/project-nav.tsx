'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type Messages, useTranslations } from 'next-intl';
import { useProject } from '@/components/projects/use-project';
import { Badge } from '@/components/ui/badge';

type PageName = keyof Messages['shell']['pages'];
type Entry = { path: string; page: PageName; also?: string; manage?: boolean };

const entries: Entry[] = [
  { path: '', page: 'overview' },
  { path: '/import', page: 'import', manage: true },
  { path: '/prompts', page: 'prompts', manage: true },
  { path: '/sample', page: 'sample', manage: true },
  { path: '/annotate', page: 'annotate' },
  { path: '/guidelines', page: 'guidelines' },
  { path: '/work', page: 'work', manage: true },
  { path: '/progress', page: 'progress', manage: true },
  { path: '/agreement', page: 'agreement', manage: true },
  { path: '/adjudicate', page: 'adjudicate', manage: true },
  { path: '/snapshots', page: 'snapshots', manage: true },
  { path: '/train', page: 'train', also: '/runs', manage: true },
  { path: '/settings', page: 'settings', manage: true },
];

/** The project's name and links to its pages; annotators see only those that they may open. */
export function ProjectNav({ projectId }: { projectId: string }) {
  const t = useTranslations('shell');
  const pathname = usePathname();
  const { data } = useProject(projectId);
  const root = `/projects/${projectId}`;
  const shown = entries.filter((entry) => !entry.manage || (data && data.role !== 'annotator'));
  return (
    <div data-shell className="border-line border-b bg-surface print:hidden">
      <div className="mx-auto flex max-w-[100rem] min-[1800px]:max-w-[150rem] flex-wrap items-center gap-x-6 px-4 sm:px-6">
        <p dir="auto" className="max-w-full truncate pt-2.5 font-medium text-sm sm:max-w-[24rem] sm:py-2.5">
          {data?.project.name ?? <span className="text-faint">{t('loading')}</span>}
        </p>
        <nav aria-label={t('project')} className="-mx-2 flex max-w-full overflow-x-auto">
          {shown.map((entry) => {
            const href = `${root}${entry.path}`;
            const current =
              entry.path === ''
                ? pathname === root
                : pathname.startsWith(href) ||
                  (entry.also !== undefined && pathname.startsWith(`${root}${entry.also}`));
            return (
              <Link
                key={entry.path}
                href={href}
                aria-current={current ? 'page' : undefined}
                className="whitespace-nowrap border-transparent border-b-2 px-2.5 py-2.5 text-sm text-soft -outline-offset-2 transition-colors hover:text-ink aria-[current]:border-accent aria-[current]:text-ink"
              >
                {t(`pages.${entry.page}`)}
                {entry.page === 'annotate' && data && data.sentBack > 0 ? (
                  <Badge tone="warn" className="ms-1.5">
                    <span aria-hidden="true">{data.sentBack}</span>
                    <span className="sr-only">{t('sentBack', { count: data.sentBack })}</span>
                  </Badge>
                ) : null}
              </Link>
            );
          })}
        </nav>
      </div>
    </div>
  );
}
