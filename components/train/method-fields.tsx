import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Checkbox, RadioCards } from '@/components/ui';
import {
  adapterLayers,
  parseAdapterLayers,
  type TrainConfigKey,
  trainConfigKeys,
} from '@/trainer/contract/train-config';
import { type FieldProblems, type RunFormValues, type TrainingMethod, withLayer } from './run-form';

/** The choice between the full model and an adapter, with the adapter's settings. */
export function MethodFields({
  values,
  recommended,
  errors,
  field,
  onMethod,
  onTargets,
}: {
  values: RunFormValues;
  /** The recommended method for the chosen model. */
  recommended: TrainingMethod;
  errors: FieldProblems;
  field: (name: TrainConfigKey) => ReactNode;
  onMethod: (method: TrainingMethod) => void;
  onTargets: (targets: string) => void;
}) {
  const t = useTranslations('train');
  const label = (method: TrainingMethod, text: string) =>
    recommended === method ? t('usualAtThisSize', { text }) : text;
  return (
    <div className="grid gap-5">
      <RadioCards
        legend={t('whatIsTrained')}
        name="method"
        value={values.method}
        onChange={(method) => onMethod(method as TrainingMethod)}
        className="[&>div]:sm:grid-cols-2"
        options={[
          {
            value: 'full',
            label: label('full', t('wholeModel')),
            description: t('wholeModelHint'),
          },
          {
            value: 'lora',
            label: label('lora', t('loraAdapter')),
            description: t('loraAdapterHint'),
          },
        ]}
      />
      {values.method === 'lora' ? (
        <>
          <div className="grid gap-5 sm:grid-cols-3">
            {trainConfigKeys.adapter.filter((name) => name !== 'loraTargets').map(field)}
          </div>
          <fieldset>
            <legend className="font-medium text-sm">{t('fields.loraTargets.label')}</legend>
            <p className="mb-2 text-[0.8125rem] text-faint">{t('fields.loraTargets.hint')}</p>
            <div className="grid gap-x-5 gap-y-1.5 sm:grid-cols-2 lg:grid-cols-4">
              {adapterLayers.map((layer) => (
                <Checkbox
                  key={layer}
                  label={t(`layers.${layer}`)}
                  checked={parseAdapterLayers(values.loraTargets).includes(layer)}
                  onChange={(event) => onTargets(withLayer(values.loraTargets, layer, event.target.checked))}
                />
              ))}
            </div>
            {errors.loraTargets ? (
              <p className="mt-1.5 text-[0.8125rem] text-bad">{t(`problems.${errors.loraTargets.key}`)}</p>
            ) : null}
          </fieldset>
        </>
      ) : null}
    </div>
  );
}
