import type { ReactNode } from 'react';
import { LanguageSelect } from '@/components/shell/language-select';
import { Logo } from '@/components/shell/logo';

/** The page layout of sign-in and invitations. */
export function AccountFrame({
  title,
  description,
  children,
}: {
  title: string;
  description?: ReactNode;
  children: ReactNode;
}) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[26rem] flex-col justify-center px-5 py-12">
      <div className="mb-10 flex flex-wrap items-center justify-between gap-3">
        <p className="flex items-center gap-2.5 font-semibold tracking-tight">
          <Logo className="size-7" />
          Rescue Studio
        </p>
        <LanguageSelect />
      </div>
      <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
      {description ? <div className="mt-2 text-soft">{description}</div> : null}
      <div className="mt-7">{children}</div>
      {/* A spacer that keeps the form a little above the middle. */}
      <div className="h-[12vh]" />
    </main>
  );
}
