import type { ExternalPromptId, ExternalResponseId, PromptId, ResponseId } from '@/trainer/contract/ids';
import type { Judgement } from '@/trainer/contract/judgement';
import type { ChatMessage, PromptDocument } from '@/trainer/contract/record';
import type { MyMark } from './prompt-mark';
import type { Remarks } from './remarks';

/** What one annotator said of one prompt, for the project's researchers. */
export interface Answer {
  promptId: PromptId;
  externalId: ExternalPromptId;
  messages: ChatMessage[];
  documents: PromptDocument[];
  annotator: { id: string; name: string };
  responses: { id: ResponseId; externalId: ExternalResponseId; text: string; source: string }[];
  /** The version in force; null where the prompt was only marked. `tiers`: what they were called on the board. */
  annotation: (Judgement & { version: number; createdAt: string; tiers: string[]; remarks: Remarks }) | null;
  marks: MyMark[];
}
