import type { Translator } from '@/lib/i18n/translator';
import { DEFAULT_COUNTING } from '@/lib/schemas/annotator-kinds';
import { offeredTags } from '@/lib/schemas/remark-keys';
import { type ProjectSettings, type SettingName, settingNames } from '@/lib/schemas/settings';

/** The settings that differ, in the order of the form. One that `from` does not know yet is not a change. */
export function differingSettings(from: ProjectSettings, to: ProjectSettings): SettingName[] {
  return settingNames.filter(
    (name) => name in from && name in to && JSON.stringify(from[name]) !== JSON.stringify(to[name]),
  );
}

/** One sentence for each setting that differs. */
export function settingChanges(from: ProjectSettings, to: ProjectSettings, t: Translator<'settings'>): string[] {
  return differingSettings(from, to).map((name) =>
    t('history.change', {
      name: t(`history.names.${name}`),
      from: settingWords(name, from, t),
      to: settingWords(name, to, t),
    }),
  );
}

function settingWords(name: SettingName, settings: ProjectSettings, t: Translator<'settings'>): string {
  if (name === 'issueTags')
    return list(
      offeredTags(settings.issueTags ?? []).map((tag) => tag.name),
      t,
    );
  if (name === 'assignmentOrder') return t(`assignment.orders.${settings.assignmentOrder ?? 'import'}.name`);
  if (name === 'textFormat') return t(`textFormats.${settings.textFormat ?? 'auto'}.name`);
  if (name === 'modelNames') return t(`modelNames.policies.${settings.modelNames ?? 'researchers'}.name`);
  if (name === 'importedCountIn' || name === 'modelsCountIn') {
    return t(`counting.choices.${settings[name] ?? DEFAULT_COUNTING[name]}.name`);
  }
  if (name === 'snapshotStrategy') return t(`heuristics.strategies.${settings.snapshotStrategy ?? 'annotations'}`);
  const value = settings[name];
  if (Array.isArray(value)) return list(value, t);
  if (typeof value === 'boolean') return t(value ? 'history.on' : 'history.off');
  return value === null || value === undefined || value === '' ? t('history.none') : String(value);
}

const list = (words: readonly string[], t: Translator<'settings'>): string =>
  words.length === 0 ? t('history.none') : words.join(' · ');
