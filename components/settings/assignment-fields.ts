import { parseNumber } from '@/components/ui/number';
import {
  type AssignmentOrder,
  closingCertaintyLimits,
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
  overlapMinimum: string;
  closingCertainty: string;
  assignmentOrder: AssignmentOrder;
  leaseMinutes: string;
  promptLimit: string;
}

export type NumberField = Exclude<keyof AssignmentFields, 'assignmentOrder'>;

export type AssignmentSettings = Pick<Project, keyof AssignmentFields>;

const limits: Record<NumberField, { min: number; max: number; optional: boolean }> = {
  overlap: { min: 1, max: MAX_OVERLAP, optional: true },
  overlapSamplePercent: { min: 0, max: 100, optional: false },
  overlapSample: { min: 1, max: MAX_OVERLAP, optional: true },
  overlapMinimum: { min: 1, max: MAX_OVERLAP, optional: true },
  closingCertainty: { ...closingCertaintyLimits, optional: false },
  leaseMinutes: { ...leaseMinutesLimits, optional: false },
  promptLimit: { min: 1, max: MAX_PROMPT_LIMIT, optional: true },
};

export function fieldsOf(settings: AssignmentSettings): AssignmentFields {
  const text = (value: number | null) => (value === null ? '' : String(value));
  return {
    overlap: text(settings.overlap),
    overlapSamplePercent: text(settings.overlapSamplePercent),
    overlapSample: text(settings.overlapSample),
    overlapMinimum: text(settings.overlapMinimum),
    closingCertainty: text(settings.closingCertainty),
    assignmentOrder: settings.assignmentOrder,
    leaseMinutes: text(settings.leaseMinutes),
    promptLimit: text(settings.promptLimit),
  };
}

const isBlank = (text: string) => text.trim() === '';

/** Whether prompts are closed before everybody has judged them. */
export const isAdaptive = ({ overlap, overlapMinimum }: AssignmentFields): boolean =>
  !isBlank(overlap) && !isBlank(overlapMinimum);

/** The fields after somebody wrote in one. What is closed when certain comes by certainty, unless another order was chosen. */
export function withNumber(fields: AssignmentFields, name: NumberField, text: string): AssignmentFields {
  const written = { ...fields, [name]: text };
  if (isAdaptive(written) === isAdaptive(fields)) return written;
  if (isAdaptive(written)) {
    return {
      ...written,
      assignmentOrder: fields.assignmentOrder === 'import' ? 'least_certain' : fields.assignmentOrder,
    };
  }
  return {
    ...written,
    assignmentOrder: fields.assignmentOrder === 'least_certain' ? 'import' : fields.assignmentOrder,
  };
}

/** The settings that the form says, or the limits of each field that says none. */
export function readFields(
  fields: AssignmentFields,
): { settings: AssignmentSettings } | { wrong: Partial<Record<NumberField, { min: number; max: number }>> } {
  const names = Object.keys(limits) as NumberField[];
  const overlap = numberIn(fields.overlap, limits.overlap);
  // No prompt has at least more annotators than it has at most.
  const limitOf = (name: NumberField) =>
    name === 'overlapMinimum' && overlap ? { ...limits[name], max: overlap } : limits[name];
  const wrong = names.filter((name) => numberIn(fields[name], limitOf(name)) === undefined);
  if (wrong.length > 0) return { wrong: Object.fromEntries(wrong.map((name) => [name, limitOf(name)])) };
  const numberOf = (name: NumberField) => numberIn(fields[name], limits[name]) ?? null;
  return {
    settings: {
      overlap: numberOf('overlap'),
      overlapSample: numberOf('overlapSample'),
      overlapSamplePercent: numberOf('overlapSamplePercent') ?? 0,
      overlapMinimum: isAdaptive(fields) ? numberOf('overlapMinimum') : null,
      closingCertainty: numberOf('closingCertainty') ?? closingCertaintyLimits.max,
      assignmentOrder: fields.assignmentOrder,
      leaseMinutes: numberOf('leaseMinutes') ?? leaseMinutesLimits.min,
      promptLimit: numberOf('promptLimit'),
    },
  };
}

/** Undefined for what is no whole number within the limits. */
function numberIn(text: string, { min, max, optional }: (typeof limits)[NumberField]): number | null | undefined {
  if (isBlank(text)) return optional ? null : undefined;
  const value = parseNumber(text);
  return value !== null && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}
