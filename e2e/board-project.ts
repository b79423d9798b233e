/** A project of one's own prompts for tests of the board, with the page signed in and ready to annotate. */
import { expect, type Locator, type Page } from '@playwright/test';
import { signUpAdministrator } from './demo-project';
import { PASSWORD } from './people';
import type { TestServer } from './server';

export interface BoardPrompt {
  id: string;
  prompt: string | { role: string; content: string }[];
  documents?: { title: string; text: string }[];
  responses: string[];
}

export const TIERS = ['Excellent', 'Good', 'Weak', 'Unacceptable'];

/** Creates the project as the first administrator, or as whoever is signed in. @returns its path. */
export async function makeBoardProject(
  page: Page,
  server: TestServer,
  prompts: readonly BoardPrompt[],
  { tiers = TIERS, guidelines = '' } = {},
): Promise<string> {
  await signIn(page, server);
  const lines = prompts
    .map(({ responses, ...prompt }) =>
      JSON.stringify({
        ...prompt,
        responses: responses.map((text, i) => ({ id: `r${i}`, text, source: `model-${i}` })),
      }),
    )
    .join('\n');
  const id = await page.evaluate(
    async ({ lines, tiers, guidelines }) => {
      const post = async (path: string, body: string, type: string) => {
        const answer = await fetch(`/api${path}`, { method: 'POST', headers: { 'content-type': type }, body });
        if (!answer.ok) throw new Error(await answer.text());
        return answer.json();
      };
      const { project } = await post(
        '/projects',
        JSON.stringify({ name: 'Board', tiers, guidelines }),
        'application/json',
      );
      await post(`/projects/${project.id}/import`, lines, 'application/x-ndjson');
      return project.id as string;
    },
    { lines, tiers, guidelines },
  );
  return `/projects/${id}`;
}

const started = new WeakSet<TestServer>();

/** The first time as the first administrator, then as the same person again. */
async function signIn(page: Page, server: TestServer): Promise<void> {
  if (!started.has(server)) {
    started.add(server);
    await signUpAdministrator(page, server);
    await expect(page.getByRole('button', { name: 'Load the demo' })).toBeVisible();
    return;
  }
  const answer = await page.request.post(`${server.url}/api/auth/sign-in/email`, {
    headers: { origin: server.url },
    data: { email: 'ada@example.org', password: PASSWORD },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  await page.goto(server.url);
}

export async function openBoard(page: Page, server: TestServer, project: string): Promise<void> {
  await page.goto(`${server.url}${project}/annotate`);
  await expect(page.getByRole('heading', { level: 1, name: /^Prompt / })).toBeVisible();
}

/** Dragging comes a little after the board, or as soon as a mouse is over it. */
export async function draggable(page: Page): Promise<void> {
  await expect(page.locator('[data-draggable]')).toBeVisible();
}

export const toPlace = (page: Page): Locator =>
  page.getByRole('region', { name: 'To place' }).getByRole('group', { name: /^Response / });
export const inTier = (page: Page, name: string): Locator =>
  page.getByRole('region', { name: new RegExp(`^Tier \\d: ${name}$`) }).getByRole('group', { name: /^Response / });
export const lastChange = (page: Page): Locator => page.getByRole('status', { name: 'Last change' });

/** A long text without formatting: `count` words of a seeded walk through a small vocabulary. */
export function words(count: number, seed: number): string {
  const vocabulary = 'the river was wide and slow so every boat took care near old stone bridges at noon'.split(' ');
  let state = seed * 2654435761;
  return Array.from({ length: count }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return `${vocabulary[state % vocabulary.length]}${i % 80 === 79 ? '.\n\n' : ' '}`;
  }).join('');
}
