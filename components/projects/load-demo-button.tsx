'use client';

import { Sparkles } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { api, useApiMutation } from '@/components/ui/api';
import { Button, type ButtonVariant } from '@/components/ui/button';
import { useErrorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import type { LoadedDemo } from '@/lib/schemas/project';

/** Loads both demo projects and opens the first one. */
export function LoadDemoButton({ variant = 'primary' }: { variant?: ButtonVariant }) {
  const errorMessage = useErrorMessage();
  const t = useTranslations('projects');
  const router = useRouter();
  const toast = useToast();
  const load = useApiMutation(() => api<LoadedDemo>('/demo', { method: 'POST', json: {} }), ['/projects']);

  const press = () =>
    load.mutate(undefined, {
      onSuccess: ({ projectIds }) => {
        if (projectIds[0]) router.push(`/projects/${projectIds[0]}`);
      },
      onError: (error) => toast(t('demoNotLoaded', { error: errorMessage(error) }), 'bad'),
    });

  return (
    <Button
      variant={variant}
      pending={load.isPending || load.isSuccess}
      onClick={press}
      icon={<Sparkles aria-hidden="true" className="size-4" />}
    >
      {t('loadDemo')}
    </Button>
  );
}
