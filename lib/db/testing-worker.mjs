/** vitest's globalSetup: bundles the server's threads, so that tests run them as they are in the sources. */
import { bundle, threads } from '../../cli/build.mjs';

export const setup = () => bundle(threads);
