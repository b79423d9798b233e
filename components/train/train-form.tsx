'use client';

import { ChevronRight, Play } from 'lucide-react';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import { useMe } from '@/components/account/use-me';
import { Button, Card, CardHeader, Notice, Select, TextField } from '@/components/ui';
import type { ModelSummary } from '@/lib/schemas/model';
import type { SnapshotSummary } from '@/lib/schemas/snapshot';
import { type TrainConfig, type TrainConfigKey, trainConfigKeys } from '@/trainer/contract/train-config';
import { gpuMemoryGiB, parseGiB, storeGpuMemory } from './gpu-memory';
import { MemoryForecast } from './memory-forecast';
import { MethodFields } from './method-fields';
import {
  choicesFor,
  defaultValues,
  isOptionalField,
  parseForm,
  planRun,
  type RunFormValues,
  recommendedMethod,
  type TrainingMethod,
} from './run-form';
import { useForecast } from './use-forecast';

/** The settings of a new run, with working defaults; the form is submitted only if all fields are valid. */
export function TrainForm({
  snapshots,
  models,
  initialSnapshotId,
  pending,
  disabled,
  onStart,
}: {
  snapshots: readonly SnapshotSummary[];
  models: readonly ModelSummary[];
  initialSnapshotId: string;
  pending: boolean;
  disabled: boolean;
  onStart: (snapshotId: string, modelId: string, config: TrainConfig) => void;
}) {
  const t = useTranslations('train');
  const canAddModels = useMe().data?.user?.role === 'admin';
  const compact = new Intl.NumberFormat(useLocale(), { notation: 'compact', maximumFractionDigits: 1 });
  const [snapshotId, setSnapshotId] = useState(initialSnapshotId);
  const [modelId, setModelId] = useState(models[0]?.id ?? '');
  /** The fields that the user changed; the others have the defaults of the chosen method. */
  const [typed, setTyped] = useState<Partial<RunFormValues>>({});
  /** Null until the user has chosen; then the method recommended for the model's size applies. */
  const [method, setMethod] = useState<TrainingMethod | null>(null);
  const [advanced, setAdvanced] = useState(false);
  const [tried, setTried] = useState(false);
  const [gpuGiB, setGpuGiB] = useState(() => String(gpuMemoryGiB()));

  const model = models.find(({ id }) => id === modelId);
  const recommended = recommendedMethod(model?.parameters ?? 0);
  const values = { ...defaultValues(method ?? recommended), ...typed };
  const snapshot = snapshots.find(({ id }) => id === snapshotId);
  const parsed = parseForm(values);
  const errors = parsed.errors ?? {};
  const noPairs = snapshot?.pairCount === 0 && (parsed.config === null || parsed.config.alpha > 0);
  const plan = parsed.config && snapshot ? planRun(snapshot.promptCount, parsed.config) : null;
  const tooFew = plan !== null && plan.trainPrompts < 1;

  const forecast = useForecast(snapshotId, modelId, parsed.config, (parseGiB(gpuGiB) ?? 0) * 2 ** 30);
  const cannotFit =
    forecast?.state === 'known' ? !forecast.forecast.fits : forecast?.state === 'failed' && forecast.blocks;

  const submit = () => {
    setTried(true);
    if (parsed.errors) {
      // A section with an invalid value is opened, so that the error is visible.
      if (trainConfigKeys.advanced.some((field) => parsed.errors[field])) setAdvanced(true);
      return;
    }
    if (!cannotFit && !noPairs && !tooFew && snapshot && modelId !== '') onStart(snapshotId, modelId, parsed.config);
  };

  const field = (name: TrainConfigKey) => {
    const problem = errors[name];
    const shared = {
      label: t(`fields.${name}.label`),
      hint: t(`fields.${name}.hint`),
      value: values[name],
      error: problem && t(`problems.${problem.key}`, problem.values),
    };
    const change = (value: string) => setTyped((before) => ({ ...before, [name]: value }));
    const options = choicesFor(name);
    return options ? (
      <Select
        key={name}
        {...shared}
        options={[
          ...(isOptionalField(name) ? [{ value: '', label: t(`leftOpen.${name}`) }] : []),
          ...options.map((value) => ({ value, label: t(`choices.${value}`) })),
        ]}
        onChange={(event) => change(event.target.value)}
      />
    ) : (
      <TextField
        key={name}
        {...shared}
        inputMode="decimal"
        autoComplete="off"
        onChange={(event) => change(event.target.value)}
      />
    );
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!pending && !disabled) submit();
      }}
    >
      <Card className="grid gap-6">
        <CardHeader title={t('newRun')} />
        <div className="grid gap-5 sm:grid-cols-2">
          <Select
            label={t('snapshot')}
            value={snapshotId}
            onChange={(event) => setSnapshotId(event.target.value)}
            hint={
              snapshot
                ? t('snapshotHolds', { prompts: snapshot.promptCount, pairs: snapshot.pairCount })
                : t('snapshotGone')
            }
            options={snapshots.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <Select
            label={t('model')}
            value={modelId}
            onChange={(event) => setModelId(event.target.value)}
            hint={
              canAddModels
                ? t.rich('modelHintWithLink', {
                    link: (words) => (
                      <Link href="/models" className="text-accent underline">
                        {words}
                      </Link>
                    ),
                  })
                : t('modelHint')
            }
            error={models.length === 0 ? t('noModels') : undefined}
            options={models.map(({ id, name, parameters }) => ({
              value: id,
              label: `${name} (${t('parameters', { parameters: compact.format(parameters) })})`,
            }))}
          />
        </div>
        <MethodFields
          values={values}
          recommended={recommended}
          errors={errors}
          field={field}
          onMethod={setMethod}
          onTargets={(loraTargets) => setTyped((before) => ({ ...before, loraTargets }))}
        />
        <div className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">{trainConfigKeys.main.map(field)}</div>
        <div className="grid gap-5">
          <div>
            <button
              type="button"
              aria-expanded={advanced}
              aria-controls="advanced-settings"
              onClick={() => setAdvanced(!advanced)}
              className="-ms-1 inline-flex h-8 items-center gap-1.5 rounded-md px-1 font-medium text-sm text-soft hover:text-ink"
            >
              <ChevronRight
                aria-hidden="true"
                className={`size-4 transition-transform ${advanced ? 'rotate-90' : 'rtl:rotate-180'}`}
              />
              {t('advancedSettings')}
            </button>
          </div>
          <div
            id="advanced-settings"
            hidden={!advanced}
            className={advanced ? 'grid gap-5 sm:grid-cols-2 lg:grid-cols-3' : ''}
          >
            {trainConfigKeys.advanced.map(field)}
          </div>
        </div>
        {forecast ? (
          <MemoryForecast
            id="cannot-start"
            forecast={forecast}
            gpuGiB={gpuGiB}
            onGpuGiB={(text) => {
              setGpuGiB(text);
              const gib = parseGiB(text);
              if (gib !== null) storeGpuMemory(gib);
            }}
          />
        ) : null}
        {noPairs ? <Notice tone="warn">{t('noPairs')}</Notice> : null}
        {tooFew ? <Notice tone="warn">{t('nothingLeftToTrainOn')}</Notice> : null}
        {tried && parsed.errors ? <Notice tone="bad">{t('invalidSettings')}</Notice> : null}
        <div className="flex flex-wrap items-center gap-x-5 gap-y-3 border-line border-t pt-5">
          <Button
            type="submit"
            variant="primary"
            pending={pending}
            disabled={disabled || cannotFit}
            aria-describedby={cannotFit ? 'cannot-start' : undefined}
            icon={<Play aria-hidden="true" className="size-4" />}
          >
            {t('startTraining')}
          </Button>
          {plan && !tooFew ? (
            <p className="tabular text-sm text-soft">
              {t('plan', {
                steps: plan.steps,
                trainPrompts: plan.trainPrompts,
                heldOutPrompts: plan.heldOutPrompts,
              })}
            </p>
          ) : null}
        </div>
      </Card>
    </form>
  );
}
