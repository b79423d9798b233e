import { Check } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Card, CardHeader } from '@/components/ui/card';
import { classNames } from '@/components/ui/class-names';
import type { ProjectCounts } from '@/lib/schemas/project';

type Step = { name: 'import' | 'annotate' | 'snapshot' | 'train' | 'rerank'; path: string; done: boolean };

/** The steps of the loop; the first one that is not done is the next. */
export function projectSteps(counts: ProjectCounts): Step[] {
  return [
    { name: 'import', path: '/import', done: counts.prompts > 0 },
    { name: 'annotate', path: '/annotate', done: counts.annotations > 0 },
    { name: 'snapshot', path: '/snapshots', done: counts.snapshots > 0 },
    { name: 'train', path: '/train', done: counts.runs > 0 },
    { name: 'rerank', path: '/train', done: false },
  ];
}

export function NextSteps({ projectId, counts }: { projectId: string; counts: ProjectCounts }) {
  const t = useTranslations('projects');
  const steps = projectSteps(counts);
  const next = steps.findIndex((step) => !step.done);
  return (
    <Card>
      <CardHeader title={t('stepsTitle')} description={t('stepsHint')} className="mb-2" />
      <ol>
        {steps.map((step, index) => (
          <li key={step.name} className="group relative flex gap-4 pb-1 last:pb-0">
            <span
              aria-hidden="true"
              className={classNames(
                'absolute top-9 bottom-[-0.625rem] start-[0.8125rem] w-px group-last:hidden',
                step.done ? 'bg-accent/50' : 'bg-line',
              )}
            />
            <span
              className={classNames(
                'tabular mt-2 inline-flex size-6.5 shrink-0 items-center justify-center rounded-full font-semibold text-xs',
                step.done
                  ? 'bg-accent text-on-accent'
                  : index === next
                    ? 'bg-surface text-accent ring-2 ring-accent ring-inset'
                    : 'bg-surface text-faint ring-1 ring-edge/60 ring-inset',
              )}
            >
              {step.done ? (
                <>
                  <Check aria-hidden="true" className="size-3.5" />
                  <span className="sr-only">{t('stepDone')}</span>
                </>
              ) : (
                index + 1
              )}
            </span>
            <Link
              href={`/projects/${projectId}${step.path}`}
              className="-mx-2 flex-1 rounded-md px-2 py-2 transition-colors hover:bg-hover"
            >
              <span className="font-medium">
                {t(`steps.${step.name}.title`)}{' '}
                {index === next ? (
                  <span className="ms-2 font-normal text-[0.8125rem] text-accent">{t('next')}</span>
                ) : null}
              </span>
              <span className="block text-sm text-soft">{t(`steps.${step.name}.text`)}</span>
            </Link>
          </li>
        ))}
      </ol>
    </Card>
  );
}
