import { describe, expect, it } from 'vitest';
import { translatorFor } from '@/lib/i18n/testing-translator';
import { differingSettings, settingChanges } from './setting-changes';

const t = translatorFor('settings');

describe('what a version of the settings changed', () => {
  it('is a sentence for each setting, with both values in words', () => {
    const changes = settingChanges(
      { name: 'Old', overlap: null, hideSelfNames: false, tiers: ['good', 'bad'], assignmentOrder: 'import' },
      { name: 'New', overlap: 3, hideSelfNames: true, tiers: ['yes', 'no'], assignmentOrder: 'random' },
      t,
    );
    expect(changes).toEqual([
      'Name: Old → New',
      'Tiers: good · bad → yes · no',
      'Hide names that responses give themselves: off → on',
      'Annotators per prompt: not set → 3',
      'Order of prompts: As imported → Shuffled',
    ]);
  });

  it('says nothing of what stays, nor of a setting that the older version did not have yet', () => {
    expect(differingSettings({ name: 'A', overlap: 2 }, { name: 'A', overlap: 2, promptLimit: 5 })).toEqual([]);
  });

  it('leaves out tags that are no longer offered', () => {
    const tag = { id: 'tone', name: 'Tone', color: 'grey' as const };
    expect(settingChanges({ issueTags: [tag] }, { issueTags: [{ ...tag, retired: true }] }, t)).toEqual([
      'Issue tags: Tone → not set',
    ]);
  });
});
