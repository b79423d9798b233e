import { QueryClient } from '@tanstack/react-query';
import { afterEach, expect, it, vi } from 'vitest';
import { apiKey } from '@/components/ui/api';
import { newestTask } from './newest-task';

afterEach(() => vi.unstubAllGlobals());

const path = '/projects/p/tasks/t';
const ofVersion = (version: number) => ({ promptId: 't', annotation: { version } });

it('a task is what the server says, or else what this page heard of it last', async () => {
  const client = new QueryClient();
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  expect(await newestTask(client, 'p', 't')).toBeNull();
  // The panel that compares the two versions of a conflict has asked for it.
  client.setQueryData(apiKey(path), ofVersion(2));
  expect(await newestTask(client, 'p', 't')).toEqual(ofVersion(2));
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    return Response.json(ofVersion(3));
  });
  expect(await newestTask(client, 'p', 't')).toEqual(ofVersion(3));
  expect(asked).toEqual([`/api${path}`]);
});
