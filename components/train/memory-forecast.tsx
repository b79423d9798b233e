import { Notice, ProgressBar, TextField } from '@/components/ui';
import { bytesInWords, plural } from '@/components/ui/format';
import type { TrainingForecast } from '@/trainer/index';
import type { Forecast } from './use-forecast';

/** What the run would take of this device's memory; where it cannot fit, what would. */
export function MemoryForecast({
  forecast,
  id,
  gpuGiB,
  onGpuGiB,
}: {
  forecast: Forecast;
  /** Of the element that says why training cannot start. */
  id: string;
  gpuGiB: string;
  onGpuGiB: (text: string) => void;
}) {
  if (forecast.state === 'waiting') return <ProgressBar label="Estimating the memory" />;
  if (forecast.state === 'failed') {
    return (
      <div id={id}>
        <Notice tone={forecast.blocks ? 'bad' : 'warn'}>
          {forecast.blocks ? 'This run cannot start. ' : 'The memory could not be estimated. '}
          {forecast.message}
        </Notice>
      </div>
    );
  }
  const { device, forecast: found } = forecast;
  const { estimate, peak, limit, fits } = found;
  const scoring = peak > estimate.total;
  return (
    <section aria-label="Memory" className="grid gap-4">
      <ProgressBar
        label="Memory at the worst moment"
        value={Math.min(peak, limit)}
        max={limit}
        detail={`${bytesInWords(peak)} of ${bytesInWords(limit)}`}
      />
      <dl className="grid gap-x-8 gap-y-1 text-sm sm:grid-cols-2 lg:grid-cols-3">
        <Fact name="Weights">{bytesInWords(estimate.weights)}</Fact>
        <Fact name="Gradients">{bytesInWords(estimate.gradients)}</Fact>
        <Fact name="Optimizer">{bytesInWords(estimate.optimizer)}</Fact>
        <Fact name="Activations">{bytesInWords(estimate.activations)}</Fact>
        <Fact name="Longest block">{plural(found.blockTokens, 'token')}</Fact>
        <Fact name="Trained">{plural(found.trainedParameters, 'parameter')}</Fact>
      </dl>
      <p className="text-[0.8125rem] text-faint leading-snug">
        Estimated for {device.description}.
        {device.kind === 'wasm' ? ' WebAssembly reaches 4 GiB, whatever the machine has.' : ''}
        {found.recompute ? ' Activations are computed twice to save memory; the result is the same.' : ''}
        {scoring ? ' Scoring the responses takes more than a training step.' : ''}
      </p>
      {device.kind === 'webgpu' ? (
        <TextField
          label="GPU memory, GiB"
          hint={`A browser does not say what the card has: enter it. One buffer may have ${bytesInWords(device.bufferLimit)}.`}
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
            This run cannot start: it needs {bytesInWords(peak)}
            {peak > limit
              ? `, and there are ${bytesInWords(limit)}, even with activations computed twice.`
              : `, of which one buffer is larger than the ${bytesInWords(device.bufferLimit)} that this GPU allows.`}
            {found.remedies.length === 0 ? (
              ' Choose a smaller model.'
            ) : (
              <>
                {' '}
                Each of these alone would do:
                <ul className="mt-1 list-disc pl-5">
                  {found.remedies.map((remedy) => (
                    <li key={remedy.kind}>{remedyWords(remedy)}</li>
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

function remedyWords(remedy: TrainingForecast['remedies'][number]): string {
  const bytes = bytesInWords(remedy.bytes);
  switch (remedy.kind) {
    case 'adapter':
      return `Train a LoRA adapter of rank 8: ${bytes}.`;
    case 'batch-size':
      return `Set the batch size to ${remedy.batchSize}: ${bytes}. More accumulation makes up for it.`;
    case 'max-length':
      return `Cut prompts to ${remedy.maxLength} tokens (Longest prompt): ${bytes}.`;
  }
}
