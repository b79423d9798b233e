import { Refusal } from '@/lib/auth/refusal';
import { remarksProblem } from '@/lib/schemas/remark-rules';
import type { IssueTag, Remarks } from '@/lib/schemas/remarks';

/** @throws Refusal 'invalid' when remarks name other responses, unknown tags, or offsets that the text does not have */
export function checkRemarks(
  remarks: Remarks | undefined,
  responses: readonly { id: string; text: string }[],
  tags: readonly IssueTag[],
): void {
  if (!remarks) return;
  const problem = remarksProblem(remarks, new Map(responses.map(({ id, text }) => [id, text])), tags);
  if (problem) throw new Refusal('invalid', problem);
}
