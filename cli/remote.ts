/** The commands that ask a running server, in a bundle of their own: the trainer's load neither zod nor readers of archives. */
export { importFile } from './remote/import';
export { createSnapshot } from './remote/snapshot';
