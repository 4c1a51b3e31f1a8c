import type { OutboxEvent } from '../../platform/outbox/outbox.js';
import { STATUSES } from '../features/account-features.js';
import { BANDS } from '../model/scorecard.js';
import { type PackedScore, RISK_SCALE } from '../scores/packed-score.js';
import type { ComparedScore } from '../scores/scores.repository.js';

export interface ScoredNow {
  readonly accountId: number;
  /** The account's own id. */
  readonly id: string;
  readonly asOf: string;
  readonly now: ComparedScore & Pick<PackedScore, 'health'>;
  /** Absent on its first score, which is not a change. */
  readonly before: ComparedScore | undefined;
  /** Churn probability from which an account is at risk. */
  readonly riskAlert: number;
}

/** Changes of an account that external systems are notified of. */
export function changesOf({ accountId, id, asOf, now, before, riskAlert }: ScoredNow): OutboxEvent[] {
  if (before === undefined) return [];
  const events: OutboxEvent[] = [];
  const tell = (topic: string, payload: object): void =>
    void events.push({ topic, accountId, payload: { accountId: id, asOf, ...payload } });
  if (before.band !== now.band) {
    tell('account.band_changed', {
      from: BANDS[before.band],
      to: BANDS[now.band],
      score: now.health === null ? null : now.health / 100,
    });
  }
  if (before.status !== now.status) {
    const [from, to] = [STATUSES[before.status], STATUSES[now.status]];
    tell(to === 'churned' ? 'account.churned' : 'account.status_changed', { from, to });
  }
  const risk = (now.churn_risk ?? 0) / RISK_SCALE;
  if (now.churn_risk !== null && risk >= riskAlert && (before.churn_risk ?? 0) / RISK_SCALE < riskAlert) {
    tell('account.risk_raised', { probability: risk, threshold: riskAlert });
  }
  const known = new Set(before.signals?.map(({ key }) => key));
  for (const signal of now.signals ?? [])
    if (!known.has(signal.key)) tell('account.expansion_signal', signal);
  return events;
}
