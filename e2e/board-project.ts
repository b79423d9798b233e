/** A project of one's own prompts for tests of the board, with the page signed in and ready to annotate. */
import { expect, type Locator, type Page } from '@playwright/test';
import { signUpAdministrator } from './demo-project';
import { type Person, signInAs } from './people';
import type { TestServer } from './server';

export interface BoardPrompt {
  id: string;
  prompt: string | { role: string; content: string }[];
  documents?: { title: string; text: string }[];
  responses: string[];
}

export const TIERS = ['Excellent', 'Good', 'Weak', 'Unacceptable'];

/** Creates the project as the first administrator, who is signed in on the page. @returns its path. */
export async function makeBoardProject(
  page: Page,
  server: TestServer,
  prompts: readonly BoardPrompt[],
  { tiers = TIERS, guidelines = '' } = {},
): Promise<string> {
  const admin = await administrator(page, server);
  const lines = prompts
    .map(({ responses, ...prompt }) =>
      JSON.stringify({
        ...prompt,
        responses: responses.map((text, i) => ({ id: `r${i}`, text, source: `model-${i}` })),
      }),
    )
    .join('\n');
  const { body, status } = await admin.ask<{ project: { id: string } }>('POST', '/projects', {
    name: 'Board',
    tiers,
    guidelines,
  });
  expect(status, JSON.stringify(body)).toBe(201);
  const project = `/projects/${body.project.id}`;
  const imported = await admin.ask('POST', `${project}/import`, undefined, { text: lines });
  expect(imported.status, JSON.stringify(imported.body)).toBe(200);
  return project;
}

const administrators = new WeakMap<TestServer, Person>();

/** Made the first time; the page is signed in as the same person each time. */
async function administrator(page: Page, server: TestServer): Promise<Person> {
  const known = administrators.get(server);
  if (known) await signInAs(page.context(), server, known);
  const ada = known ?? (await signUpAdministrator(page, server));
  administrators.set(server, ada);
  return ada;
}

export async function openBoard(page: Page, server: TestServer, project: string): Promise<void> {
  await page.goto(`${server.url}${project}/annotate`);
  await expect(page.getByRole('heading', { level: 1, name: /^Prompt / })).toBeVisible();
}

/** Opens every board in one view, whatever the length of its responses: what a person chose, remembered on the device. */
export async function chooseView(page: Page, view: 'board' | 'focus'): Promise<void> {
  await page.addInitScript((choice) => localStorage.setItem('rescue-view', choice), view);
}

/** Dragging is loaded shortly after the board, or as soon as a mouse is over it. */
export async function draggable(page: Page): Promise<void> {
  await expect(page.locator('[data-draggable]')).toBeVisible();
}

export const toPlace = (page: Page): Locator =>
  page.getByRole('region', { name: 'To place' }).getByRole('group', { name: /^Response / });
export const inTier = (page: Page, name: string): Locator =>
  page.getByRole('region', { name: new RegExp(`^Tier \\d: ${name}$`) }).getByRole('group', { name: /^Response / });
export const lastChange = (page: Page): Locator => page.getByRole('status', { name: 'Last change' });

/** A long text without formatting: `count` words drawn from a small vocabulary with a seeded generator. */
export function words(count: number, seed: number): string {
  const vocabulary = 'the river was wide and slow so every boat took care near old stone bridges at noon'.split(' ');
  let state = seed * 2654435761;
  return Array.from({ length: count }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return `${vocabulary[state % vocabulary.length]}${i % 80 === 79 ? '.\n\n' : ' '}`;
  }).join('');
}
