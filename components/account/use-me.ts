'use client';

import { useApi } from '@/components/ui/api';

export type Role = 'admin' | 'researcher' | 'annotator';
export type Me = { id: string; name: string; email: string; role: Role };
export type MeAnswer = { user: Me | null; needsSetup: boolean };

/** Who is signed in: `data.user` is null for nobody. */
export function useMe() {
  return useApi<MeAnswer>('/me');
}
