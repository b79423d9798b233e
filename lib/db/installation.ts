import { join } from 'node:path';

/** Where the program is installed: the folder of `public`, `drizzle` and `dist`. The command line says it. */
const root = () => process.env.RESCUE_ROOT ?? process.cwd();

/** The folder of the demo projects and models that ship with the program. */
export const publicDir = () => join(/*turbopackIgnore: true*/ root(), 'public');

export const migrationsFolder = () => join(/*turbopackIgnore: true*/ root(), 'drizzle', 'migrations');

/** The bundle of a worker thread, one of `threads` in cli/build.mjs. */
export const threadFile = (name: string) => join(/*turbopackIgnore: true*/ root(), 'dist', 'cli', `${name}.mjs`);
