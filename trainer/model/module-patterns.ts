/** Matches the layers that an adapter_config.json names, by name, suffix, whole path or pattern, as in PEFT. */
import { type Message, message } from '../contract/message';

/** Whole paths of modules or what they end in, from a dot on; or a pattern that whole paths fit. */
export type ModuleTargets = readonly string[] | { readonly pattern: string };

/** Values by pattern. */
export type PatternTable = Readonly<Record<string, number>>;

/** `module`: "model.layers.0.self_attn.q_proj" */
export function isTarget(targets: ModuleTargets, module: string): boolean {
  if ('pattern' in targets) return wholePath(targets.pattern).test(module);
  return targets.some((target) => module === target || module.endsWith(`.${target}`));
}

/** The value of the first pattern that the end of the path fits, from a dot on. */
export function valueFor(table: PatternTable | undefined, module: string): number | undefined {
  return Object.entries(table ?? {}).find(([pattern]) => wholePath(`(?:.*\\.)?(?:${pattern})`).test(module))?.[1];
}

/**
 * Why a pattern from a file cannot be used: it is invalid in JavaScript, or could take time that is unbounded in the
 * length of a path, as a repeated group does. Null where it can be used.
 */
export function patternProblem(pattern: string): Message | null {
  const plain = pattern.replace(/\\./g, '.').replace(/\[[^[\]]*\]/g, '.');
  const repeats = plain.match(/[*+]|\{\d+,/g)?.length ?? 0;
  if (/\)[*+{]/.test(plain) || repeats > 6 || pattern.length > 2000) return message('patternTooInvolved', { pattern });
  try {
    wholePath(pattern);
    return null;
  } catch {
    return message('patternUnreadable', { pattern });
  }
}

/** PEFT's patterns are Python's: named groups are written differently there, and an unknown escape is an error. */
function wholePath(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern.replaceAll('(?P<', '(?<')})$`, 'u');
}
