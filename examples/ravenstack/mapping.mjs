/** Maps RavenStack's rows to Steward's records. README.md explains the choices. */

/** `31-12-2024`, with or without a time of day, as ISO 8601 in UTC. */
function instant(text) {
  const [, day, month, year, time = '00:00'] = /^(\d\d)-(\d\d)-(\d{4})(?: (\d\d:\d\d))?$/.exec(text) ?? [];
  if (day === undefined) throw new Error(`Not a date: ${text}`);
  return `${year}-${month}-${day}T${time}:00Z`;
}

const plusMinutes = (iso, minutes) => new Date(Date.parse(iso) + minutes * 60_000).toISOString();
const isTrue = (text) => text === 'TRUE';
const minorUnits = (amount) => Math.round(Number(amount) * 100);
const words = (...parts) => parts.filter((part) => part !== '').join(': ');

export const accounts = (rows) =>
  rows.map((row) => ({
    id: row.account_id,
    name: row.account_name,
    createdAt: instant(row.signup_date),
    effectiveAt: instant(row.signup_date),
    acquisitionChannel: row.referral_source,
    traits: {
      industry: row.industry,
      country: row.country,
      planTier: row.plan_tier,
      seats: Number(row.seats),
    },
  }));

/** A churn event explains the end of a subscription if exactly one of the account's subscriptions ended on that day. */
export function subscriptions(rows, churnRows) {
  const ends = groupBy(
    rows.filter((row) => row.end_date !== ''),
    (row) => `${row.account_id} ${row.end_date}`,
  );
  const churned = groupBy(churnRows, (row) => `${row.account_id} ${row.churn_date}`);
  return rows.map((row) => {
    const key = `${row.account_id} ${row.end_date}`;
    const [churn] = ends.get(key)?.length === 1 ? (churned.get(key) ?? []) : [];
    return {
      id: row.subscription_id,
      accountId: row.account_id,
      plan: row.plan_tier,
      billing: 'seats',
      seats: Number(row.seats),
      mrr: minorUnits(row.mrr_amount),
      currency: 'USD',
      startedAt: instant(row.start_date),
      termMonths: row.billing_frequency === 'annual' ? 12 : 1,
      autoRenew: isTrue(row.auto_renew_flag),
      trial: isTrue(row.is_trial),
      endedAt: row.end_date === '' ? null : instant(row.end_date),
      endReason: churn && churn.reason_code !== 'unknown' ? 'voluntary' : null,
      endComment: churn ? words(churn.reason_code, churn.feedback_text) : null,
    };
  });
}

export const tickets = (rows) =>
  rows.map((row) => {
    const openedAt = instant(row.submitted_at);
    return {
      id: row.ticket_id,
      accountId: row.account_id,
      priority: row.priority === 'medium' ? 'normal' : row.priority,
      openedAt,
      firstResponseAt: plusMinutes(openedAt, Number(row.first_response_time_minutes)),
      resolvedAt: instant(row.closed_at),
      escalatedAt: isTrue(row.escalation_flag) ? openedAt : null,
      csat: row.satisfaction_score === '' ? null : Number(row.satisfaction_score),
    };
  });

/** Usage rows name a subscription, events an account. */
export function events(rows, subscriptionRows) {
  const accountOf = new Map(subscriptionRows.map((row) => [row.subscription_id, row.account_id]));
  const seen = new Map();
  return rows.map((row) => {
    const accountId = accountOf.get(row.subscription_id);
    // Steward identifies events by account, time and messageId. The repeated usage ids differ in account or day.
    const key = `${accountId} ${row.usage_date} ${row.usage_id}`;
    const copies = (seen.get(key) ?? 0) + 1;
    seen.set(key, copies);
    return {
      messageId: copies === 1 ? row.usage_id : `${row.usage_id}#${copies}`,
      accountId,
      event: row.feature_name,
      timestamp: instant(row.usage_date),
      value: Number(row.usage_count),
      properties: {
        subscriptionId: row.subscription_id,
        durationSeconds: Number(row.usage_duration_secs),
        errors: Number(row.error_count),
        beta: isTrue(row.is_beta_feature),
      },
    };
  });
}

/** Traits of the account from the day of the churn; several churn events of one day are one state. */
export function churnEvents(rows) {
  const days = groupBy(rows, (row) => `${row.account_id} ${row.churn_date}`);
  return [...days.values()].map((same) => {
    const distinct = (name) =>
      [...new Set(same.map((row) => row[name]).filter((text) => text !== ''))].join('; ');
    return {
      id: same[0].account_id,
      effectiveAt: instant(same[0].churn_date),
      traits: {
        lastChurnIds: distinct('churn_event_id'),
        lastChurnAt: instant(same[0].churn_date),
        lastChurnReason: distinct('reason_code'),
        lastChurnFeedback: distinct('feedback_text') || null,
        lastChurnRefundUsd: same.reduce((cents, row) => cents + minorUnits(row.refund_amount_usd), 0) / 100,
        lastChurnAfterUpgrade: same.some((row) => isTrue(row.preceding_upgrade_flag)),
        lastChurnAfterDowngrade: same.some((row) => isTrue(row.preceding_downgrade_flag)),
        lastChurnAfterReactivation: same.some((row) => isTrue(row.is_reactivation)),
      },
    };
  });
}

/** Columns that are not imported, with the reasons. */
export const NOT_MAPPED = {
  accounts: {
    is_trial: 'each subscription says whether it is a trial',
    churn_flag: 'has no date, so it would leak the future into past days',
  },
  subscriptions: {
    arr_amount: '12 × mrr_amount',
    churn_flag: 'same as end_date',
    upgrade_flag: 'has no date and no previous value',
    downgrade_flag: 'has no date and no previous value',
  },
  support_tickets: { resolution_time_hours: 'closed_at − submitted_at' },
  feature_usage: {},
  churn_events: {},
};

function groupBy(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
