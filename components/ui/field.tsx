'use client';

import { ChevronDown } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { classNames } from './class-names';

/** Props that a control inside a Field spreads, so that label, hint and error are associated with it. */
export type FieldControlProps = {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
};

type FieldText = {
  label: ReactNode;
  hint?: ReactNode;
  /** One sentence that says what to do about the error. */
  error?: ReactNode;
};

const control =
  'w-full rounded-md border border-edge bg-surface px-3 text-sm text-ink shadow-card transition-colors ' +
  'hover:border-soft aria-invalid:border-bad disabled:opacity-60';

/** Label, hint and error around any control: `<Field label="Name">{(props) => <input {...props} />}</Field>`. */
export function Field({
  label,
  hint,
  error,
  className,
  children,
}: FieldText & { className?: string; children: (props: FieldControlProps) => ReactNode }) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const describedBy = [hint ? hintId : null, error ? errorId : null].filter(Boolean).join(' ') || undefined;
  return (
    <div className={classNames('grid content-start gap-1.5', className)}>
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      {children({ id, 'aria-describedby': describedBy, 'aria-invalid': error ? true : undefined })}
      {hint ? (
        <p id={hintId} className="text-[0.8125rem] text-faint leading-snug">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={errorId} className="text-[0.8125rem] text-bad leading-snug">
          {error}
        </p>
      ) : null}
    </div>
  );
}

export function TextField({
  label,
  hint,
  error,
  className,
  ...props
}: FieldText & Omit<ComponentProps<'input'>, 'id'>) {
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(field) => <input {...props} {...field} className={classNames(control, 'h-10')} />}
    </Field>
  );
}

export function TextArea({
  label,
  hint,
  error,
  className,
  mono = false,
  ...props
}: FieldText & Omit<ComponentProps<'textarea'>, 'id'> & { mono?: boolean }) {
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(field) => (
        <textarea
          rows={4}
          {...props}
          {...field}
          className={classNames(control, 'py-2 leading-relaxed', mono && 'font-mono text-[0.8125rem]')}
        />
      )}
    </Field>
  );
}

export type SelectOption = { value: string; label: string; disabled?: boolean };

/** The native select, which works on phones, in screen readers and in tests (`selectOption`). */
export function Select({
  label,
  hint,
  error,
  className,
  options,
  ...props
}: FieldText & Omit<ComponentProps<'select'>, 'id' | 'children'> & { options: SelectOption[] }) {
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(field) => (
        <span className="relative block">
          <select {...props} {...field} className={classNames(control, 'h-10 appearance-none pe-9')}>
            {options.map((option) => (
              <option key={option.value} value={option.value} disabled={option.disabled}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDown
            aria-hidden="true"
            className="pointer-events-none absolute top-1/2 end-3 size-4 -translate-y-1/2 text-faint"
          />
        </span>
      )}
    </Field>
  );
}

/** A checkbox with its label to the right and an optional explanation below. */
export function Checkbox({
  label,
  hint,
  className,
  ...props
}: { label: ReactNode; hint?: ReactNode } & Omit<ComponentProps<'input'>, 'type' | 'id'>) {
  const id = useId();
  return (
    <div className={classNames('flex items-start gap-2.5', className)}>
      <input
        {...props}
        type="checkbox"
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <div>
        <label htmlFor={id} className="font-medium text-sm">
          {label}
        </label>
        {hint ? (
          <p id={`${id}-hint`} className="text-[0.8125rem] text-faint leading-snug">
            {hint}
          </p>
        ) : null}
      </div>
    </div>
  );
}

export type RadioOption = { value: string; label: string; description?: ReactNode; disabled?: boolean };

/** A radio group whose options have an explanation each. */
export function RadioCards({
  legend,
  name,
  value,
  onChange,
  options,
  focusOnOpen = false,
  className,
}: {
  legend: ReactNode;
  name: string;
  /** '' if nothing is chosen yet. */
  value: string;
  onChange: (value: string) => void;
  options: RadioOption[];
  /** In a dialog: the first option gets the focus. */
  focusOnOpen?: boolean;
  className?: string;
}) {
  return (
    <fieldset className={className}>
      <legend className="mb-1.5 font-medium text-sm">{legend}</legend>
      <div className="grid gap-2">
        {options.map((option, at) => (
          <label
            key={option.value}
            className="flex items-start gap-3 rounded-md border border-line bg-surface p-3 transition-colors hover:border-edge has-checked:border-accent has-checked:bg-accent-wash has-disabled:opacity-60"
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={value === option.value}
              // biome-ignore lint/a11y/noAutofocus: a dialog that opens takes the focus anyway
              autoFocus={focusOnOpen && at === 0}
              disabled={option.disabled}
              onChange={() => onChange(option.value)}
              className="mt-1 size-4 shrink-0 accent-accent"
            />
            <span className="min-w-0">
              <span className="block font-medium text-sm">{option.label}</span>
              {option.description ? (
                <span className="block text-[0.8125rem] text-soft leading-snug">{option.description}</span>
              ) : null}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
