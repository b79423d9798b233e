'use client';

import { Sparkles } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { api, useApiMutation } from '@/components/ui/api';
import { Button, type ButtonVariant } from '@/components/ui/button';
import { errorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';

/** One press: both demo projects are there and the first one opens. */
export function LoadDemoButton({ variant = 'primary' }: { variant?: ButtonVariant }) {
  const router = useRouter();
  const toast = useToast();
  const load = useApiMutation(
    () => api<{ projectIds: string[] }>('/demo', { method: 'POST', json: {} }),
    ['/projects'],
  );

  const press = () =>
    load.mutate(undefined, {
      onSuccess: ({ projectIds }) => {
        if (projectIds[0]) router.push(`/projects/${projectIds[0]}`);
      },
      onError: (error) => toast(`The demo was not loaded. ${errorMessage(error)}`, 'bad'),
    });

  return (
    <Button
      variant={variant}
      pending={load.isPending || load.isSuccess}
      onClick={press}
      icon={<Sparkles aria-hidden="true" className="size-4" />}
    >
      Load the demo
    </Button>
  );
}
