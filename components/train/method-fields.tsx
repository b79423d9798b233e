import type { ReactNode } from 'react';
import { Checkbox, RadioCards } from '@/components/ui';
import { adapterLayers } from '@/lib/schemas/run';
import { fieldWords, layerWords, type RunField, type RunFormValues, type TrainingMethod, withLayer } from './run-form';

/** The whole model or an adapter, and what an adapter is made of. */
export function MethodFields({
  values,
  usual,
  errors,
  field,
  onMethod,
  onTargets,
}: {
  values: RunFormValues;
  /** What suits the chosen model. */
  usual: TrainingMethod;
  errors: Partial<Record<RunField, string>>;
  field: (name: RunField) => ReactNode;
  onMethod: (method: TrainingMethod) => void;
  onTargets: (targets: string) => void;
}) {
  const label = (method: TrainingMethod, text: string) => (usual === method ? `${text} (usual at this size)` : text);
  return (
    <div className="grid gap-5">
      <RadioCards
        legend="What is trained"
        name="method"
        value={values.method}
        onChange={(method) => onMethod(method as TrainingMethod)}
        className="[&>div]:sm:grid-cols-2"
        options={[
          {
            value: 'full',
            label: label('full', 'The whole model'),
            description: 'Every weight changes. Takes about four times the memory of the weights.',
          },
          {
            value: 'lora',
            label: label('lora', 'A LoRA adapter'),
            description:
              'Small matrices beside frozen weights: far less memory, a small file, and it can be taken off.',
          },
        ]}
      />
      {values.method === 'lora' ? (
        <>
          <div className="grid gap-5 sm:grid-cols-3">
            {(['loraRank', 'loraAlpha', 'loraDropout'] as const).map(field)}
          </div>
          <fieldset>
            <legend className="font-medium text-sm">{fieldWords.loraTargets.label}</legend>
            <p className="mb-2 text-[0.8125rem] text-faint">{fieldWords.loraTargets.hint}</p>
            <div className="grid gap-x-5 gap-y-1.5 sm:grid-cols-2 lg:grid-cols-4">
              {adapterLayers.map((layer) => (
                <Checkbox
                  key={layer}
                  label={layerWords[layer]}
                  checked={values.loraTargets.split(',').includes(layer)}
                  onChange={(event) => onTargets(withLayer(values.loraTargets, layer, event.target.checked))}
                />
              ))}
            </div>
            {errors.loraTargets ? <p className="mt-1.5 text-[0.8125rem] text-bad">{errors.loraTargets}</p> : null}
          </fieldset>
        </>
      ) : null}
    </div>
  );
}
