'use client';

import { useQueryClient } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { IconButton } from './button';

export type ToastTone = 'neutral' | 'good' | 'bad';
type ToastEntry = { id: number; message: string; tone: ToastTone };
type ShowToast = (message: string, tone?: ToastTone) => void;

const ToastContext = createContext<ShowToast | null>(null);

const VISIBLE_MS = 6000;
const isFailure = ({ tone }: ToastEntry) => tone === 'bad';

/**
 * Provides the app's live region. Errors stay until closed; other toasts disappear by themselves, and immediately when
 * something fails, so that an earlier success is not read as belonging to the failed action.
 */
export function ToastProvider({ children }: { children: ReactNode }) {
  const t = useTranslations('ui');
  const [toasts, setToasts] = useState<ToastEntry[]>([]);
  const nextId = useRef(1);

  const close = useCallback((id: number) => {
    setToasts((current) => current.filter((toast) => toast.id !== id));
  }, []);

  const show = useCallback<ShowToast>(
    (message, tone = 'neutral') => {
      const id = nextId.current++;
      setToasts((current) => [
        ...(tone === 'bad' ? current.filter(isFailure) : current).slice(-3),
        { id, message, tone },
      ]);
      if (tone !== 'bad') setTimeout(() => close(id), VISIBLE_MS);
    },
    [close],
  );

  const client = useQueryClient();
  useEffect(
    () =>
      client.getMutationCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'error')
          setToasts((current) => current.filter(isFailure));
      }),
    [client],
  );

  const edges = { neutral: 'border-s-accent', good: 'border-s-good', bad: 'border-s-bad' };
  return (
    <ToastContext value={useMemo(() => show, [show])}>
      {children}
      <section
        aria-label={t('messages')}
        aria-live="polite"
        className="pointer-events-none fixed inset-x-0 bottom-0 z-60 flex flex-col items-center gap-2 p-4 sm:items-end"
      >
        {toasts.map((toast) => (
          <div
            key={toast.id}
            className={`pointer-events-auto flex w-full max-w-sm animate-[ui-rise_160ms_ease-out] items-center gap-3 rounded-md border border-line border-s-4 bg-surface py-1.5 pe-1.5 ps-4 text-sm shadow-raised ${edges[toast.tone]}`}
          >
            <p className="flex-1 py-1">{toast.message}</p>
            <IconButton label={t('closeMessage')} size="sm" onClick={() => close(toast.id)}>
              <X aria-hidden="true" className="size-4" />
            </IconButton>
          </div>
        ))}
      </section>
    </ToastContext>
  );
}

/** `const toast = useToast(); toast('Link copied', 'good')`. */
export function useToast(): ShowToast {
  const show = useContext(ToastContext);
  if (!show) throw new Error('useToast needs a ToastProvider above it.');
  return show;
}
