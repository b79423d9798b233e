'use client';

import Link from 'next/link';
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names';
import { Spinner } from './spinner';

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger';
export type ButtonSize = 'sm' | 'md';

const base =
  'inline-flex select-none items-center justify-center gap-2 whitespace-nowrap rounded-md font-medium transition-colors duration-150 ' +
  'disabled:opacity-55 aria-disabled:opacity-55';

const variants: Record<ButtonVariant, string> = {
  primary: 'bg-accent text-on-accent enabled:hover:bg-accent-strong',
  secondary: 'border border-edge/60 bg-surface text-ink shadow-card hover:bg-hover',
  ghost: 'text-soft hover:bg-hover hover:text-ink',
  danger: 'border border-bad/50 bg-surface text-bad hover:bg-bad-wash',
};

const sizes: Record<ButtonSize, string> = {
  sm: 'h-8 px-2.5 text-[0.8125rem]',
  md: 'h-10 px-4 text-sm',
};

type Look = { variant?: ButtonVariant; size?: ButtonSize; icon?: ReactNode };

export type ButtonProps = ComponentProps<'button'> &
  Look & {
    /** While true, a spinner is added to the label and further presses do nothing. */
    pending?: boolean;
  };

export function Button({
  variant = 'secondary',
  size = 'md',
  icon,
  pending = false,
  className,
  children,
  onClick,
  type = 'button',
  ...props
}: ButtonProps) {
  return (
    <button
      {...props}
      type={type}
      // aria-disabled instead of disabled keeps the focus on the button meanwhile.
      aria-disabled={pending || undefined}
      aria-busy={pending || undefined}
      onClick={(event) => {
        if (pending) event.preventDefault();
        else onClick?.(event);
      }}
      className={classNames(base, variants[variant], sizes[size], className)}
    >
      {pending ? <Spinner /> : icon}
      {children}
    </button>
  );
}

/** A link that looks like a button; goes through the client-side router. */
export function LinkButton({
  variant = 'secondary',
  size = 'md',
  icon,
  className,
  children,
  ...props
}: ComponentProps<typeof Link> & Look) {
  const variantClasses = variant === 'primary' ? 'bg-accent text-on-accent hover:bg-accent-strong' : variants[variant];
  return (
    <Link {...props} className={classNames(base, variantClasses, sizes[size], className)}>
      {icon}
      {children}
    </Link>
  );
}

/** A plain anchor that looks like a button: for downloads and everything else the router must not touch. */
export function DownloadButton({
  variant = 'secondary',
  size = 'md',
  icon,
  className,
  children,
  ...props
}: ComponentProps<'a'> & Look) {
  const variantClasses = variant === 'primary' ? 'bg-accent text-on-accent hover:bg-accent-strong' : variants[variant];
  return (
    <a download {...props} className={classNames(base, variantClasses, sizes[size], className)}>
      {icon}
      {children}
    </a>
  );
}

const pressedTones = {
  accent: 'aria-pressed:bg-accent-wash aria-pressed:text-accent',
  warn: 'aria-pressed:bg-warn-wash aria-pressed:text-warn',
};

/** A square button with an icon; `label` is its accessible name and its tooltip. `pressedTone`: of one that is a switch. */
export function IconButton({
  label,
  size = 'md',
  pressedTone = 'accent',
  className,
  children,
  type = 'button',
  ...props
}: ComponentProps<'button'> & { label: string; size?: ButtonSize; pressedTone?: keyof typeof pressedTones }) {
  return (
    <button
      {...props}
      type={type}
      aria-label={label}
      title={label}
      className={classNames(
        'inline-flex shrink-0 items-center justify-center rounded-md text-soft transition-colors hover:bg-hover hover:text-ink disabled:opacity-45',
        pressedTones[pressedTone],
        size === 'sm' ? 'size-8' : 'size-10',
        className,
      )}
    >
      {children}
    </button>
  );
}
