import type { Placement } from './annotation';
import type { MyMark } from './prompt-mark';
import type { Remarks } from './remarks';
import type { PromptDocument } from './snapshot';

/** What one annotator said of one prompt, for the project's researchers. */
export interface Answer {
  promptId: string;
  externalId: string;
  messages: { role: 'system' | 'user' | 'assistant'; content: string }[];
  documents: PromptDocument[];
  annotator: { id: string; name: string };
  responses: { id: string; externalId: string; text: string; source: string }[];
  /** The version in force; null where the prompt was only marked. `tiers`: what they were called on the board. */
  annotation: {
    version: number;
    allBad: boolean;
    createdAt: string;
    tiers: string[];
    placements: Placement[];
    remarks: Remarks;
  } | null;
  marks: MyMark[];
}
