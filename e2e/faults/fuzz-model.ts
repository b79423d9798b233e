import type { MarkChange, MarkKind } from '../../lib/schemas/prompt-mark';
import { remarksKey } from '../../lib/schemas/remark-rules';
import type { Remarks } from '../../lib/schemas/remarks';

/** Checks that the server's state agrees with the annotators' actions, whatever the network did. */

export interface Save {
  key: string;
  promptId: string;
  tiers: number[];
  /** Comment, issue tags and marked passages. */
  remarks: Remarks;
  /** Saved from another device, directly on the server. */
  elsewhere: boolean;
  /** Whether the request was sent at least once. */
  sent: boolean;
  /** Whether the server refused it because of a newer version. */
  refused: boolean;
  /** Whether the annotator has resolved the conflict. */
  decided: boolean;
  /** The versions that the server's answers reported for it. */
  versions: Set<number>;
}

export interface Run {
  /** In the order in which they were made. */
  saves: readonly Save[];
  /** Each prompt's version at the start. */
  before: ReadonlyMap<string, number>;
  server: ReadonlyMap<string, { version: number; tiers: number[]; remarks: Remarks }>;
  /** Keys of saves that are still pending. */
  unsent: readonly string[];
}

/** @returns the disagreements as sentences; empty if client and server agree. */
export function judgeRun({ saves, before, server, unsent }: Run): string[] {
  const problems = unsent.map((key) => `${key} is still pending`);
  for (const [promptId, { version, tiers, remarks }] of server) {
    const here = saves.filter((save) => save.promptId === promptId);
    const owners = new Map<number, Save>();
    for (const save of here) {
      if (save.versions.size > 1) problems.push(`${save.key} was stored ${save.versions.size} times`);
      for (const stored of save.versions) {
        if (owners.has(stored)) problems.push(`version ${stored} of ${promptId} is two saves`);
        owners.set(stored, save);
      }
    }
    for (let v = (before.get(promptId) ?? 0) + 1; v <= version; v++) {
      if (!owners.has(v)) problems.push(`version ${v} of ${promptId} is nobody’s`);
    }
    const current = owners.get(version);
    if (current && current.tiers.join() !== tiers.join())
      problems.push(`${promptId} holds other tiers than ${current.key}`);
    if (current && remarksKey(current.remarks) !== remarksKey(remarks))
      problems.push(`${promptId} holds other remarks than ${current.key}`);
    if (Math.max(0, ...owners.keys()) > version) problems.push(`${promptId} has lost a version`);

    const mine = here.filter((save) => !save.elsewhere);
    const last = mine.at(-1);
    if (last && last.versions.size === 0 && !last.decided) problems.push(`${last.key}, the newest, was lost`);
    for (const save of mine) {
      if (save.sent && save.versions.size === 0 && !save.refused) problems.push(`${save.key} was sent and dropped`);
    }
    const order = mine.flatMap((save) => [...save.versions]);
    if (order.some((v, i) => i > 0 && v < order[i - 1]!)) problems.push(`${promptId} was stored out of order`);
  }
  return problems;
}

/** The last change of a mark is the one that holds; what was judged is not skipped. `changes` by prompt and kind. */
export function judgeMarks(
  changes: ReadonlyMap<string, MarkChange>,
  server: Run['server'],
  held: readonly { promptId: string; kind: MarkKind }[],
): string[] {
  return [...changes.values()].flatMap(({ promptId, kind, mark }) => {
    const has = held.some((other) => other.promptId === promptId && other.kind === kind);
    const judged = (server.get(promptId)?.version ?? 0) > 0;
    if (kind === 'skipped' && judged) return has ? [`${promptId} is judged and skipped`] : [];
    return has === (mark !== null) ? [] : [`${promptId} is ${has ? '' : 'not '}${kind}, and the last word was another`];
  });
}
