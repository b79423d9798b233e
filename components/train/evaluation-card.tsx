import { ArrowRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Card, CardHeader } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import type { Accuracy, RunEvaluation, ScoreStage } from '@/trainer/contract/run-event';
import type { TrainConfig } from '@/trainer/contract/train-config';
import { basisText, compareAccuracies, exponentNote, formatAccuracy } from './format-accuracy';

/** The result of a run: ranking accuracy on held-out prompts before and after training, with the conclusion. */
export function EvaluationCard({ evaluation, config }: { evaluation: RunEvaluation; config: TrainConfig }) {
  const t = useTranslations('train');
  const words = useTranslations('accuracy');
  const formats = useFormats();
  const { before, after } = evaluation.heldOut;
  const verdict = compareAccuracies(before, after, 'held-out', words);
  const { training } = evaluation;
  return (
    <Card className="grid gap-5" aria-labelledby="evaluation">
      <CardHeader id="evaluation" title={t('heldOutPairwiseAccuracy')} description={t('accuracyHint')} />
      <div className="flex flex-wrap items-stretch gap-x-6 gap-y-4">
        <Measure stage="before" accuracy={before} />
        <ArrowRight
          aria-hidden="true"
          className="rtl:-scale-x-100 size-6 shrink-0 self-center text-faint max-sm:hidden"
        />
        <Measure stage="after" accuracy={after} strong />
      </div>
      <p className="max-w-prose">{verdict.sentence}</p>
      <p className="max-w-prose text-[0.8125rem] text-faint">
        {t('brackets')}{' '}
        {training
          ? t('onTraining', {
              before: formatAccuracy(training.before, 'training', words, formats),
              after: formatAccuracy(training.after, 'training', words, formats),
            })
          : null}{' '}
        {exponentNote(config, words)}
      </p>
    </Card>
  );
}

function Measure({
  stage,
  accuracy,
  strong = false,
}: {
  stage: ScoreStage;
  accuracy: Accuracy | null;
  strong?: boolean;
}) {
  const t = useTranslations('train');
  const words = useTranslations('accuracy');
  const formats = useFormats();
  const defined = accuracy !== null && accuracy.accuracy !== null;
  return (
    <div className="min-w-0">
      <p className="text-[0.8125rem] text-soft">{t(`stages.${stage}`)}</p>
      {defined ? (
        <>
          <p
            className={`tabular text-3xl tracking-tight ${strong ? 'font-semibold' : 'font-medium text-soft'}`}
            data-testid={`held-out-${stage}`}
          >
            {formats.formatPercent(accuracy.accuracy!, 1)}
            {accuracy.interval ? (
              <span className="ms-2 font-normal text-base text-soft tracking-normal">
                {formats.formatInterval(accuracy.interval)}
              </span>
            ) : null}
          </p>
          <p className="mt-1 text-[0.8125rem] text-faint">
            {t(accuracy.interval ? 'ofBasis' : 'ofBasisNoInterval', { basis: basisText(accuracy, 'held-out', words) })}
          </p>
        </>
      ) : (
        <p className="max-w-xs text-sm">{formatAccuracy(accuracy, 'held-out', words, formats)}</p>
      )}
    </div>
  );
}
