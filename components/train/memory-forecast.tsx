import { useTranslations } from 'next-intl';
import { Notice, ProgressBar, TextField, useErrorMessage } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import { toError } from './failure';
import type { Forecast } from './use-forecast';

/** The estimated memory of the run on this device, with alternatives if it does not fit. */
export function MemoryForecast({
  forecast,
  id,
  gpuGiB,
  onGpuGiB,
}: {
  forecast: Forecast;
  /** The id of the element that says why training cannot start. */
  id: string;
  gpuGiB: string;
  onGpuGiB: (text: string) => void;
}) {
  const { bytesInWords } = useFormats();
  const t = useTranslations('train');
  const errorMessage = useErrorMessage();
  if (forecast.state === 'waiting') return <ProgressBar label={t('estimatingMemory')} />;
  if (forecast.state === 'failed') {
    return (
      <div id={id}>
        <Notice tone={forecast.blocks ? 'bad' : 'warn'}>
          {forecast.blocks ? t('cannotStart') : t('memoryNotEstimated')} {errorMessage(toError(forecast.failure))}
        </Notice>
      </div>
    );
  }
  const { device, forecast: found } = forecast;
  const { estimate, peak, limit, fits } = found;
  const scoring = peak > estimate.total;
  return (
    <section aria-label={t('memory')} className="grid gap-4">
      <ProgressBar
        label={t('peakMemory')}
        value={Math.min(peak, limit)}
        max={limit}
        detail={t('peakOfLimit', { peak: bytesInWords(peak), limit: bytesInWords(limit) })}
      />
      <dl className="grid gap-x-8 gap-y-1 text-sm sm:grid-cols-2 lg:grid-cols-3">
        <Fact name={t('parts.weights')}>{bytesInWords(estimate.weights)}</Fact>
        <Fact name={t('parts.gradients')}>{bytesInWords(estimate.gradients)}</Fact>
        <Fact name={t('parts.optimizer')}>{bytesInWords(estimate.optimizer)}</Fact>
        <Fact name={t('parts.activations')}>{bytesInWords(estimate.activations)}</Fact>
        <Fact name={t('parts.longest')}>{t('tokenCount', { tokens: found.blockTokens })}</Fact>
        <Fact name={t('trained')}>{t('parameterCount', { parameters: found.trainedParameters })}</Fact>
      </dl>
      <p className="text-[0.8125rem] text-faint leading-snug">
        {[
          t('estimatedFor', { device: device.description }),
          device.kind === 'wasm' ? t('webAssemblyLimit') : null,
          found.recompute ? t('computedTwice') : null,
          scoring ? t('scoringTakesMore') : null,
        ]
          .filter(Boolean)
          .join(' ')}
      </p>
      {device.kind === 'webgpu' ? (
        <TextField
          label={t('gpuMemory')}
          hint={t('gpuMemoryHint', { bufferLimit: bytesInWords(device.bufferLimit) })}
          inputMode="decimal"
          autoComplete="off"
          className="max-w-xs"
          value={gpuGiB}
          onChange={(event) => onGpuGiB(event.target.value)}
        />
      ) : null}
      {fits ? null : (
        <div id={id}>
          <Notice tone="bad">
            {peak > limit
              ? t('needsMemory', { peak: bytesInWords(peak), limit: bytesInWords(limit) })
              : t('bufferTooLarge', { peak: bytesInWords(peak), limit: bytesInWords(device.bufferLimit) })}{' '}
            {found.remedies.length === 0 ? (
              t('chooseSmallerModel')
            ) : (
              <>
                {t('remediesIntro')}
                <ul className="mt-1 list-disc ps-5">
                  {found.remedies.map((remedy) => (
                    <li key={remedy.kind}>
                      {t(`remedies.${remedy.kind}`, { ...remedy, bytes: bytesInWords(remedy.bytes) })}
                    </li>
                  ))}
                </ul>
              </>
            )}
          </Notice>
        </div>
      )}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <div className="flex items-baseline justify-between gap-4 border-line border-b py-1">
      <dt className="text-soft">{name}</dt>
      <dd className="tabular font-medium">{children}</dd>
    </div>
  );
}
