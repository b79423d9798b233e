import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { PathnameContext } from 'next/dist/shared/lib/hooks-client-context.shared-runtime';
import { describe, expect, it } from 'vitest';
import { apiKey } from '@/components/ui/api';
import { drawnInEnglish } from '@/components/ui/drawn-in-english.test-support';
import { ProjectNav } from './project-nav';

function drawn(path: string, role?: 'annotator' | 'researcher'): string {
  const client = new QueryClient();
  if (role) client.setQueryData(apiKey('/projects/p'), { project: { name: 'Towers' }, role });
  return drawnInEnglish(
    <QueryClientProvider client={client}>
      <PathnameContext.Provider value={path}>
        <ProjectNav projectId="p" />
      </PathnameContext.Provider>
    </QueryClientProvider>,
  );
}
const linksIn = (html: string) => [...html.matchAll(/href="\/projects\/p([^"]*)"/g)].map(([, path]) => path);
const currentIn = (html: string) =>
  [...html.matchAll(/<a [^>]*aria-current="page"[^>]*>/g)].map(([tag]) => /href="\/projects\/p([^"]*)"/.exec(tag)?.[1]);

describe('a project’s navigation', () => {
  it('offers annotators what they may open and no more, also before their role is known', () => {
    expect(linksIn(drawn('/projects/p', 'annotator'))).toEqual(['', '/annotate', '/guidelines']);
    expect(linksIn(drawn('/projects/p'))).toEqual(['', '/annotate', '/guidelines']);
    expect(linksIn(drawn('/projects/p', 'researcher'))).toHaveLength(13);
  });

  it('marks the page that is open, and a run as part of training', () => {
    expect(currentIn(drawn('/projects/p', 'researcher'))).toEqual(['']);
    expect(currentIn(drawn('/projects/p/annotate/mine', 'researcher'))).toEqual(['/annotate']);
    expect(currentIn(drawn('/projects/p/runs/7', 'researcher'))).toEqual(['/train']);
  });
});
