import { LinkButton } from '@/components/ui/button';

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-5">
      <h1 className="font-semibold text-2xl tracking-tight">This page does not exist</h1>
      <p className="mt-2 mb-6 text-soft">The address may be mistyped, or what it showed is gone.</p>
      <div>
        <LinkButton href="/">Go to the projects</LinkButton>
      </div>
    </main>
  );
}
