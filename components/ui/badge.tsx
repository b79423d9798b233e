import type { ComponentProps } from 'react';
import { classNames } from './class-names';

export type Tone = 'neutral' | 'accent' | 'good' | 'warn' | 'bad';

const tones: Record<Tone, string> = {
  neutral: 'bg-sunken text-soft ring-line',
  accent: 'bg-accent-wash text-accent ring-accent/25',
  good: 'bg-good-wash text-good ring-good/25',
  warn: 'bg-warn-wash text-warn ring-warn/25',
  bad: 'bg-bad-wash text-bad ring-bad/25',
};

export function Badge({ tone = 'neutral', className, ...props }: ComponentProps<'span'> & { tone?: Tone }) {
  return (
    <span
      {...props}
      className={classNames(
        'inline-flex items-center gap-1 whitespace-nowrap rounded-full px-2 py-0.5 font-medium text-xs ring-1 ring-inset',
        tones[tone],
        className,
      )}
    />
  );
}
