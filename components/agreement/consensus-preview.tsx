'use client';

import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { SettingsConflict } from '@/components/settings/settings-conflict';
import { useSettings } from '@/components/settings/use-settings';
import { Button, Card, CardHeader, LinkButton, useToast } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import { type ConsensusRule, consensusRuleOf, consensusSettingsOf, isSameRule } from '@/lib/ranking/consensus';
import { OUTCOMES, type RulePreview } from '@/lib/schemas/agreement';
import type { Project } from '@/lib/schemas/project';
import { CsvButton } from './csv-button';
import { outcomeColors } from './outcome-badge';

const keptBy = ({ outcomes }: RulePreview) => outcomes.kept + outcomes.implied;

/** What a rule would keep of the pairs, and why the others go; and the rule that snapshots take from now on. */
export function ConsensusPreview({ rules, project }: { rules: readonly RulePreview[]; project: Project }) {
  const t = useTranslations('agreement');
  const toast = useToast();
  const { formatNumber, formatPercent } = useFormats();
  const ids = { quorum: useId(), against: useId() };
  const quorums = [...new Set(rules.map(({ quorum }) => quorum))];
  const most = rules.reduce((largest, one) => Math.max(largest, one.maxAgainst), 0);
  const own = consensusRuleOf(project);
  const [quorum, setQuorum] = useState<RulePreview['quorum']>(own.quorum);
  const [maxAgainst, setMaxAgainst] = useState(own.maxAgainst);
  const saving = useSettings(
    project,
    (saved, how) => {
      if (how === 'mine') toast(t('ruleSaved'), 'good');
      const rule = consensusRuleOf(saved);
      setQuorum(rule.quorum);
      setMaxAgainst(rule.maxAgainst);
    },
    { isForetold: true },
  );
  const rule = rules.find((one) => isSameRule(one, { quorum, maxAgainst }));
  const inForce = rules.find((one) => isSameRule(one, own));
  if (!rule) return null;
  const total = OUTCOMES.reduce((sum, outcome) => sum + rule.outcomes[outcome], 0);
  const quorumWords = (one: RulePreview['quorum']) =>
    one === 'majority' ? t('majority') : t('atLeast', { count: one });
  const ruleWords = (one: ConsensusRule) =>
    t('ruleInWords', { quorum: quorumWords(one.quorum), against: formatNumber(one.maxAgainst) });
  const inUseWords = (used: RulePreview) =>
    t('ruleInUseKeeps', {
      now: keptBy(used),
      change: formatNumber(keptBy(rule) - keptBy(used), { signDisplay: 'exceptZero' }),
    });
  const csv = () => [
    [t('quorum'), t('maxAgainst'), ...OUTCOMES.map((outcome) => t(`outcomes.${outcome}`))],
    ...rules.map((one) => [
      quorumWords(one.quorum),
      one.maxAgainst,
      ...OUTCOMES.map((outcome) => one.outcomes[outcome]),
    ]),
  ];
  return (
    <Card className="grid gap-5">
      <CardHeader
        title={t('consensusTitle')}
        description={t('consensusHint')}
        actions={
          <>
            <LinkButton size="sm" href={`/projects/${project.id}/agreement/ledger`}>
              {t('seeLedger')}
            </LinkButton>
            <CsvButton name="consensus-rules" rows={csv} />
          </>
        }
      />
      <div className="flex flex-wrap gap-x-10 gap-y-4">
        <label htmlFor={ids.quorum} className="grid gap-1.5 text-sm">
          <span className="font-medium">{t('quorum')}</span>
          <select
            id={ids.quorum}
            value={quorum}
            onChange={({ target }) => setQuorum(target.value === 'majority' ? 'majority' : Number(target.value))}
            className="h-10 rounded-md border border-edge bg-surface px-3"
          >
            {quorums.map((one) => (
              <option key={one} value={one}>
                {quorumWords(one)}
              </option>
            ))}
          </select>
        </label>
        <label htmlFor={ids.against} className="grid gap-1.5 text-sm">
          <span className="font-medium">
            {t('maxAgainst')}: <output>{maxAgainst}</output>
          </span>
          <input
            id={ids.against}
            type="range"
            min={0}
            max={most}
            step={1}
            value={maxAgainst}
            onChange={({ target }) => setMaxAgainst(Number(target.value))}
            className="h-10 w-56 accent-accent"
          />
        </label>
      </div>
      <p role="status" className="text-sm">
        {t('keptOf', { kept: keptBy(rule), total })}
        {inForce && inForce !== rule ? ` ${inUseWords(inForce)}` : ''}
      </p>
      {total > 0 ? (
        <div aria-hidden="true" className="flex h-6 gap-px overflow-hidden rounded-md">
          {OUTCOMES.filter((outcome) => rule.outcomes[outcome] > 0).map((outcome) => (
            <div
              key={outcome}
              className={outcomeColors[outcome]}
              style={{ width: `${(100 * rule.outcomes[outcome]) / total}%` }}
            />
          ))}
        </div>
      ) : null}
      <dl className="grid gap-x-8 gap-y-2 text-sm sm:grid-cols-2">
        {OUTCOMES.map((outcome) => (
          <div key={outcome} className="flex items-baseline gap-2">
            <span aria-hidden="true" className={`size-2.5 shrink-0 rounded-full ${outcomeColors[outcome]}`} />
            <dt className="min-w-0 flex-1">
              {t(`outcomes.${outcome}`)}
              <span className="block text-[0.8125rem] text-faint">{t(`outcomeMeanings.${outcome}`)}</span>
            </dt>
            <dd className="tabular whitespace-nowrap">
              {formatNumber(rule.outcomes[outcome])}
              {total > 0 ? (
                <span className="text-faint"> · {formatPercent(rule.outcomes[outcome] / total)}</span>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
      <div className="flex flex-wrap items-center justify-between gap-3 border-line border-t pt-4 text-sm">
        <p className="text-soft">{t('ruleInForce', { rule: ruleWords(own) })}</p>
        <Button
          variant="primary"
          disabled={isSameRule(rule, own)}
          pending={saving.pending}
          onClick={() => saving.save(consensusSettingsOf(rule))}
        >
          {t('useRule')}
        </Button>
      </div>
      <SettingsConflict saving={saving} summarize={(theirs) => ruleWords(consensusRuleOf(theirs))} />
    </Card>
  );
}
