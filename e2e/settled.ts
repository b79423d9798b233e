import type { Page } from '@playwright/test';

/**
 * Colours that fade into each other are as they will be, so that contrast can be measured; a fade that the browser never
 * draws on is not waited for.
 */
export const settled = (page: Page) =>
  page.evaluate(async () => {
    // What changed a moment ago begins to fade with the next frame.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    const long = new Promise((resolve) => setTimeout(resolve, 3_000));
    await Promise.race([Promise.allSettled(ending.map(({ finished }) => finished)), long]);
  });
