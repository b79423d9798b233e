/** Measures an element once it has stopped moving, as late texts, fonts and neighbours shift the layout. */
import type { Locator } from '@playwright/test';

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The bounding box of an element after it has not moved for some frames. */
export async function stillBox(locator: Locator): Promise<Box> {
  return locator.evaluate(
    (element) =>
      new Promise<Box>((done) => {
        let last = '';
        let calm = 0;
        const look = () => {
          const { x, y, width, height } = element.getBoundingClientRect();
          const now = [x, y, width, height].join();
          calm = now === last ? calm + 1 : 0;
          last = now;
          if (calm === 10) done({ x, y, width, height });
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}
