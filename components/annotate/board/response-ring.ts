/** The border of a response that keys or the next tap act on; `idle`: the border of any other. */
export function responseRing({ armed, active }: { armed: boolean; active: boolean }, idle: string): string {
  if (armed) return 'border-accent ring-3 ring-accent';
  return active ? 'border-accent ring-1 ring-accent' : idle;
}
