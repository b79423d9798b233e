'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useProject } from '@/components/projects/use-project';

type Entry = { path: string; label: string; also?: string; manage?: boolean };

const entries: Entry[] = [
  { path: '', label: 'Overview' },
  { path: '/import', label: 'Import', manage: true },
  { path: '/sample', label: 'Sample', manage: true },
  { path: '/annotate', label: 'Annotate' },
  { path: '/guidelines', label: 'Guidelines' },
  { path: '/work', label: 'Work', manage: true },
  { path: '/snapshots', label: 'Snapshots', manage: true },
  { path: '/train', label: 'Train', also: '/runs', manage: true },
  { path: '/settings', label: 'Settings', manage: true },
];

/** The project's name and its pages; annotators see only what they may open. */
export function ProjectNav({ projectId }: { projectId: string }) {
  const pathname = usePathname();
  const { data } = useProject(projectId);
  const root = `/projects/${projectId}`;
  const shown = entries.filter((entry) => !entry.manage || (data && data.role !== 'annotator'));
  return (
    <div className="border-line border-b bg-surface print:hidden">
      <div className="mx-auto flex max-w-[100rem] min-[1800px]:max-w-[150rem] flex-wrap items-center gap-x-6 px-4 sm:px-6">
        <p className="max-w-full truncate pt-2.5 font-medium text-sm sm:max-w-[24rem] sm:py-2.5">
          {data?.project.name ?? <span className="text-faint">Loading…</span>}
        </p>
        <nav aria-label="Project" className="-mx-2 flex max-w-full overflow-x-auto">
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
                {entry.label}
              </Link>
            );
          })}
        </nav>
      </div>
    </div>
  );
}
