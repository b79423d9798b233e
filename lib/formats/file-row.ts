import type { Message } from '@/trainer/contract/message';
import type { JsonLine } from '@/trainer/data/json-lines';

/**
 * One row of a file, whatever the file is: its value, or why it has none, and the line on which it begins (in Parquet
 * its number). `ends`: the file cannot be read any further.
 */
export type FileRow = JsonLine | { line: number; error: Message; ends: true };
