import { parseNumber } from '@/components/ui/number';
import {
  type AssignmentOrder,
  leaseMinutesLimits,
  MAX_OVERLAP,
  MAX_PROMPT_LIMIT,
} from '@/lib/schemas/assignment-rules';
import type { Project } from '@/lib/schemas/project';

/** What stands in the form; an empty text is no limit. */
export interface AssignmentFields {
  overlap: string;
  overlapSamplePercent: string;
  overlapSample: string;
  assignmentOrder: AssignmentOrder;
  leaseMinutes: string;
  promptLimit: string;
}

type NumberField = Exclude<keyof AssignmentFields, 'assignmentOrder'>;

export type AssignmentSettings = Pick<Project, keyof AssignmentFields>;

const limits: Record<NumberField, { min: number; max: number; optional: boolean }> = {
  overlap: { min: 1, max: MAX_OVERLAP, optional: true },
  overlapSamplePercent: { min: 0, max: 100, optional: false },
  overlapSample: { min: 1, max: MAX_OVERLAP, optional: true },
  leaseMinutes: { ...leaseMinutesLimits, optional: false },
  promptLimit: { min: 1, max: MAX_PROMPT_LIMIT, optional: true },
};

export function fieldsOf(settings: AssignmentSettings): AssignmentFields {
  const text = (value: number | null) => (value === null ? '' : String(value));
  return {
    overlap: text(settings.overlap),
    overlapSamplePercent: text(settings.overlapSamplePercent),
    overlapSample: text(settings.overlapSample),
    assignmentOrder: settings.assignmentOrder,
    leaseMinutes: text(settings.leaseMinutes),
    promptLimit: text(settings.promptLimit),
  };
}

/** The settings that the form says, or the limits of each field that says none. */
export function readFields(
  fields: AssignmentFields,
): { settings: AssignmentSettings } | { wrong: Partial<Record<NumberField, { min: number; max: number }>> } {
  const names = Object.keys(limits) as NumberField[];
  const wrong = names.filter((name) => numberIn(fields[name], limits[name]) === undefined);
  if (wrong.length > 0) return { wrong: Object.fromEntries(wrong.map((name) => [name, limits[name]])) };
  const numberOf = (name: NumberField) => numberIn(fields[name], limits[name]) ?? null;
  return {
    settings: {
      overlap: numberOf('overlap'),
      overlapSample: numberOf('overlapSample'),
      overlapSamplePercent: numberOf('overlapSamplePercent') ?? 0,
      assignmentOrder: fields.assignmentOrder,
      leaseMinutes: numberOf('leaseMinutes') ?? leaseMinutesLimits.min,
      promptLimit: numberOf('promptLimit'),
    },
  };
}

/** Undefined for what is no whole number within the limits. */
function numberIn(text: string, { min, max, optional }: (typeof limits)[NumberField]): number | null | undefined {
  if (text.trim() === '') return optional ? null : undefined;
  const value = parseNumber(text);
  return value !== null && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}
