'use client';

import { Button } from '@/components/ui/button';

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-5">
      <h1 className="font-semibold text-2xl tracking-tight">Something went wrong here</h1>
      <p className="mt-2 mb-6 text-soft">
        What you saved is safe. Try again; if it stays, tell your administrator
        {error.digest ? ` the number ${error.digest}` : ''}.
      </p>
      <div>
        <Button variant="primary" onClick={reset}>
          Try again
        </Button>
      </div>
    </main>
  );
}
