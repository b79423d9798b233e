/** vitest's globalSetup: bundles the server's worker threads, so that tests run the current sources. */
import { bundle, threads } from '../../cli/build.mjs';

export const setup = () => bundle(threads);
