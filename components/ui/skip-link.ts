/** Something at the very top that only the keyboard finds: it leads past what each page repeats. */
export const skipLink =
  'sr-only z-50 rounded-md bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:fixed focus:start-2 focus:top-2';
