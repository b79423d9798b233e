import type { ReactNode } from 'react';
import { classNames } from './class-names';

/**
 * A bar for `value` of `max`; neither is given while the total is unknown. `label` names it; `detail` is on the right.
 */
export function ProgressBar({
  label,
  value,
  max = 1,
  detail,
  hideLabel = false,
  className,
}: {
  label: string;
  value?: number;
  max?: number;
  detail?: ReactNode;
  hideLabel?: boolean;
  className?: string;
}) {
  const known = value !== undefined && max > 0;
  const percent = known ? Math.min(100, Math.max(0, (value / max) * 100)) : 0;
  return (
    <div className={classNames('grid gap-1.5', className)}>
      {hideLabel && !detail ? null : (
        <div className="flex items-baseline justify-between gap-4 text-sm">
          <span className={hideLabel ? 'sr-only' : 'font-medium'}>{label}</span>
          {detail ? <span className="tabular text-soft">{detail}</span> : null}
        </div>
      )}
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={known ? max : undefined}
        aria-valuenow={known ? value : undefined}
        className="h-1.5 overflow-hidden rounded-full bg-hover"
      >
        <div
          className={classNames(
            'h-full rounded-full bg-accent',
            known
              ? 'transition-[width] duration-300'
              : 'w-1/3 animate-[ui-slide_1.4s_ease-in-out_infinite] rtl:animate-[ui-slide-back_1.4s_ease-in-out_infinite]',
          )}
          style={known ? { width: `${percent}%` } : undefined}
        />
      </div>
    </div>
  );
}
