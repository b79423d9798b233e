import { ArrowRight } from 'lucide-react';
import { Card, CardHeader } from '@/components/ui';
import type { Accuracy, RunConfig, RunEvaluation } from '@/lib/schemas/run';
import { accuracyInWords, basisText, compareAccuracies, exponentNote, intervalText, percent } from './accuracy-words';

/** The answer of a run: held-out ranking accuracy before and after, and what that allows to say. */
export function EvaluationCard({ evaluation, config }: { evaluation: RunEvaluation; config: RunConfig }) {
  const { before, after } = evaluation.heldOut;
  const verdict = compareAccuracies(before, after, 'held-out');
  const { training } = evaluation;
  return (
    <Card className="grid gap-5" aria-labelledby="evaluation">
      <CardHeader
        id="evaluation"
        title="Held-out pairwise accuracy"
        description="How often the model scores the better response of a pair higher, on prompts that training never saw. Ties count one half."
      />
      <div className="flex flex-wrap items-stretch gap-x-6 gap-y-4">
        <Measure name="Before" accuracy={before} />
        <ArrowRight aria-hidden="true" className="size-6 shrink-0 self-center text-faint max-sm:hidden" />
        <Measure name="After" accuracy={after} strong />
      </div>
      <p className="max-w-prose">{verdict.sentence}</p>
      <p className="max-w-prose text-[0.8125rem] text-faint">
        Brackets: 95 % interval, bootstrapped by prompt, since the pairs of one prompt are not independent.
        {training ? (
          <>
            {' '}
            On the prompts trained on: before {accuracyInWords(training.before, 'training')}; after{' '}
            {accuracyInWords(training.after, 'training')}.
          </>
        ) : null}{' '}
        {exponentNote(config)}
      </p>
    </Card>
  );
}

function Measure({ name, accuracy, strong = false }: { name: string; accuracy: Accuracy | null; strong?: boolean }) {
  const defined = accuracy !== null && accuracy.accuracy !== null;
  return (
    <div className="min-w-0">
      <p className="text-[0.8125rem] text-soft">{name}</p>
      {defined ? (
        <>
          <p
            className={`tabular text-3xl tracking-tight ${strong ? 'font-semibold' : 'font-medium text-soft'}`}
            data-testid={`held-out-${name.toLowerCase()}`}
          >
            {percent(accuracy.accuracy!)}
            {accuracy.interval ? (
              <span className="ml-2 font-normal text-base text-soft tracking-normal">
                {intervalText(accuracy.interval)}
              </span>
            ) : null}
          </p>
          <p className="mt-1 text-[0.8125rem] text-faint">
            of {basisText(accuracy, 'held-out')}
            {accuracy.interval ? '' : '; too few prompts for an interval'}
          </p>
        </>
      ) : (
        <p className="max-w-xs text-sm">{accuracyInWords(accuracy, 'held-out')}</p>
      )}
    </div>
  );
}
