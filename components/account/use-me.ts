'use client';

import { useApi } from '@/components/ui/api';
import type { MeAnswer } from '@/lib/schemas/people';

/** Who is signed in: `data.user` is null for nobody. */
export function useMe() {
  return useApi<MeAnswer>('/me');
}
