import { describe, expectTypeOf, it } from 'vitest';
import type { ExternalPromptId, ExternalResponseId, PromptId, ResponseId } from './ids';

describe('an id of one kind', () => {
  const promptId: PromptId = 'c0ffee00-0000-4000-8000-000000000000';
  const externalId: ExternalPromptId = 'p1';
  const responseId: ResponseId = 'c0ffee00-0000-4000-8000-000000000001';

  it('is text, and text from outside may become it', () => {
    expectTypeOf(promptId).toExtend<string>();
    expectTypeOf<string>().toExtend<PromptId>();
  });

  it('never becomes one of another kind', () => {
    // @ts-expect-error: the database's name is not the one in a file
    const external: ExternalPromptId = promptId as PromptId;
    // @ts-expect-error: nor the other way round
    const stored: PromptId = externalId as ExternalPromptId;
    // @ts-expect-error: a response is no prompt
    const prompt: PromptId = responseId as ResponseId;
    // @ts-expect-error: lists of them neither
    const list: readonly ExternalResponseId[] = [responseId as ResponseId];
    expectTypeOf([external, stored, prompt, list]).toBeArray();
  });
});
