/** The longest time on task that counts, in milliseconds: a day. Without zod, so that the board can measure by it. */
export const MAX_TIME_ON_TASK_MS = 86_400_000;
