'use client';

import { X } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Heading, I18nProvider, Modal, ModalOverlay, Dialog as RacDialog } from 'react-aria-components';
import { IconButton } from './button';

/**
 * A modal, controlled dialog. Focus moves in and returns on close. Escape closes it immediately, even during its
 * opening animation, so that the next key does not reach a dialog that is still opening. `actions` is the button row;
 * put the primary one last.
 */
export function Dialog({
  title,
  isOpen,
  onOpenChange,
  children,
  actions,
  size = 'md',
  dismissable = true,
}: {
  title: ReactNode;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  children: ReactNode;
  actions?: ReactNode;
  size?: 'md' | 'lg';
  /** false: a press outside does not close (forms with typed text). */
  dismissable?: boolean;
}) {
  const t = useTranslations('ui');
  return (
    <I18nProvider locale={useLocale()}>
      <ModalOverlay
        isOpen={isOpen}
        onOpenChange={onOpenChange}
        isDismissable={dismissable}
        className="fixed inset-0 z-50 flex items-end justify-center bg-[oklch(0.15_0.01_75/0.45)] sm:items-center sm:p-6"
      >
        <Modal
          className={`flex max-h-[92dvh] w-full animate-[ui-rise_160ms_ease-out] data-exiting:animate-none flex-col overflow-hidden rounded-t-xl border border-line bg-surface shadow-raised sm:rounded-xl ${
            size === 'lg' ? 'sm:max-w-3xl' : 'sm:max-w-lg'
          }`}
        >
          <RacDialog className="flex min-h-0 flex-1 flex-col outline-none">
            {({ close }) => (
              <>
                <div className="flex items-center justify-between gap-4 border-line border-b py-2.5 pe-2.5 ps-5">
                  <Heading slot="title" className="font-semibold text-base">
                    {title}
                  </Heading>
                  <IconButton label={t('close')} size="sm" onClick={close}>
                    <X aria-hidden="true" className="size-4" />
                  </IconButton>
                </div>
                <div className="min-h-0 flex-1 overflow-y-auto p-5">{children}</div>
                {actions ? (
                  <div className="flex flex-wrap items-center justify-end gap-2 border-line border-t bg-paper px-5 py-3">
                    {actions}
                  </div>
                ) : null}
              </>
            )}
          </RacDialog>
        </Modal>
      </ModalOverlay>
    </I18nProvider>
  );
}
