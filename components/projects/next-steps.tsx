import { Check } from 'lucide-react';
import Link from 'next/link';
import { Card, CardHeader } from '@/components/ui/card';
import { classNames } from '@/components/ui/class-names';
import type { ProjectCounts } from './project-types';

type Step = { title: string; text: string; path: string; done: boolean };

/** The loop as a list; the first step that is not done yet is the next one. */
export function projectSteps(counts: ProjectCounts): Step[] {
  return [
    {
      title: 'Import prompts',
      text: 'Each with the responses to judge. You see a preview before anything is written.',
      path: '/import',
      done: counts.prompts > 0,
    },
    {
      title: 'Annotate',
      text: 'Sort the responses of each prompt into tiers, by mouse, touch or keyboard.',
      path: '/annotate',
      done: counts.annotations > 0,
    },
    {
      title: 'Take a snapshot',
      text: 'Freeze prompts, responses and preference pairs into something to train on and to export.',
      path: '/snapshots',
      done: counts.snapshots > 0,
    },
    {
      title: 'Train',
      text: 'Fine-tune a small model on the pairs, here in the browser.',
      path: '/train',
      done: counts.runs > 0,
    },
    {
      title: 'Re-rank',
      text: 'Compare the order before and after with the human tiers, on prompts held out of training.',
      path: '/train',
      done: false,
    },
  ];
}

export function NextSteps({ projectId, counts }: { projectId: string; counts: ProjectCounts }) {
  const steps = projectSteps(counts);
  const next = steps.findIndex((step) => !step.done);
  return (
    <Card>
      <CardHeader title="The loop" description="From prompts to a re-ranked list." className="mb-2" />
      <ol>
        {steps.map((step, index) => (
          <li key={step.title} className="group relative flex gap-4 pb-1 last:pb-0">
            <span
              aria-hidden="true"
              className={classNames(
                'absolute top-9 bottom-[-0.625rem] left-[0.8125rem] w-px group-last:hidden',
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
                  <span className="sr-only">Done:</span>
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
                {step.title}
                {index === next ? <span className="ml-2 font-normal text-[0.8125rem] text-accent">Next</span> : null}
              </span>
              <span className="block text-sm text-soft">{step.text}</span>
            </Link>
          </li>
        ))}
      </ol>
    </Card>
  );
}
