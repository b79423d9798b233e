import type { Translator } from '@/lib/i18n/translator';
import type { SettingsEffects } from '@/lib/schemas/settings-effects';

/** One sentence for each thing that changed settings would do to the work that is there; none where they do nothing. */
export function effectSentences(effects: SettingsEffects, t: Translator<'ui'>): string[] {
  const { reopened, closed, judgements, uncertain, held, stopped, resumed, shown, pairs } = effects;
  const said: (string | false | null)[] = [
    reopened > 0 && t('effects.reopened', { count: reopened }),
    closed > 0 && t('effects.closed', { count: closed }),
    judgements > 0 && t('effects.moreJudgements', { count: judgements }),
    judgements < 0 && t('effects.fewerJudgements', { count: -judgements }),
    uncertain > 0 && t('effects.uncertain', { count: uncertain }),
    held > 0 && t('effects.held', { count: held }),
    stopped > 0 && t('effects.stopped', { count: stopped }),
    resumed > 0 && t('effects.resumed', { count: resumed }),
    effects.goldSooner > 0 && t('effects.goldSooner', { count: effects.goldSooner }),
    effects.goldLater > 0 && t('effects.goldLater', { count: effects.goldLater }),
    shown &&
      (shown.after > shown.before
        ? t('effects.shown', { count: shown.after - shown.before })
        : t('effects.hidden', { count: shown.before - shown.after })),
    effects.decisionsInForce > 0 && t('effects.decisionsInForce', { count: effects.decisionsInForce }),
    effects.decisionsLifted > 0 && t('effects.decisionsLifted', { count: effects.decisionsLifted }),
    pairs &&
      (pairs.after === null
        ? t('effects.pairsUnknown', { before: pairs.before })
        : t('effects.pairs', { before: pairs.before, after: pairs.after })),
  ];
  return said.filter((sentence) => typeof sentence === 'string');
}

/** Whether the settings would do anything; numbers that are 0 and what is null say that they would not. */
export const hasEffects = (effects: SettingsEffects): boolean =>
  Object.values(effects).some((effect) => effect !== 0 && effect !== null);
