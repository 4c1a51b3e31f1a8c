import { firstDayOf } from './calendar.js';
import { type Profile, REGIONS } from './profile.js';
import { Random } from './random.js';
import type { Scenario } from './scenario.js';
import type { Situation } from './situation.js';

/** Churn coefficients, drawn from the seed. Signs and orders of magnitude are fixed so that a scorecard can be right. */
export interface Laws {
  /** Low use counts below this share of seats in use. */
  useKnot: number;
  lowUse: number;
  idle: number;
  falling: number;
  urgent: number;
  csat: number;
  championGone: number;
  nps: number;
  sentiment: number;
  overdue: number;
  silence: number;
  tenure: number;
  renewal: number;
  monthlyTerm: number;
  addOn: number;
  tiers: Readonly<Record<Profile['tier'], number>>;
  regions: Readonly<Record<string, number>>;
  /** The one interaction: together its two effects are stronger or weaker than their sum. */
  pair: { of: Pair; effect: number };
  /** Change of the logit per year. */
  drift: number;
}

const PAIRS = ['lowUse×championGone', 'lowUse×overdue', 'urgent×csat', 'falling×renewal'] as const;
type Pair = (typeof PAIRS)[number];

export function lawsOf(seed: number): Laws {
  const random = new Random(seed, 'laws');
  const about = (value: number): number => value * random.between(0.7, 1.3);
  return {
    useKnot: random.between(0.4, 0.5),
    lowUse: about(12),
    idle: about(1.5),
    falling: about(4),
    urgent: about(3),
    csat: about(1.2),
    championGone: about(1.8),
    nps: about(0.25),
    sentiment: about(0.5),
    overdue: about(3.2),
    silence: about(0.5),
    tenure: about(0.15),
    renewal: about(0.7),
    monthlyTerm: about(0.15),
    addOn: about(-0.4),
    tiers: { enterprise: -about(0.2), 'mid-market': 0, smb: about(0.2) },
    regions: Object.fromEntries(REGIONS.map((region) => [region, random.between(-0.15, 0.15)])),
    pair: {
      of: PAIRS[random.whole(0, PAIRS.length - 1)] ?? PAIRS[0],
      effect: (random.chance(0.5) ? 1 : -1) * random.between(0.6, 1),
    },
    drift: random.between(-0.3, 0.3),
  };
}

/**
 * Logit of deciding to churn within a tick, without the base rate. It depends only on the facts up to the end of the previous tick and on
 * the calendar.
 */
export function pressure(
  laws: Laws,
  scenario: Scenario,
  profile: Profile,
  now: Situation,
  tick: number,
): number {
  if (scenario.constantHazard) return 0;
  const today = firstDayOf(tick);
  const years = (today - scenario.startDay) / 365.25;
  const csat = now.csat();
  const lowUse = Math.max(0, laws.useKnot - now.use());
  const falling = Math.min(0.6, Math.max(0, -now.trend() - 0.1));
  const urgent = Math.min(1, now.urgentDays / 10);
  const unhappy = Number.isNaN(csat) ? 0 : Math.min(2, Math.max(0, 4 - csat));
  const gone = now.championGone > 0 ? 1 : 0;
  const overdue = Math.min(1, now.overdueDays(today) / 45);
  const renewal = profile.termMonths === 12 && now.renewalDay - today <= 30 ? 1 : 0;
  const pair = { lowUse, gone, overdue, urgent, unhappy, falling, renewal };
  const seen =
    laws.lowUse * lowUse +
    (now.idleDays >= 28 ? laws.idle : 0) +
    laws.falling * falling +
    laws.urgent * urgent +
    laws.csat * unhappy +
    laws.championGone * gone +
    (Number.isNaN(now.nps) || now.npsTicks > 24 ? 0 : laws.nps * Math.min(6, Math.max(-1, 8 - now.nps))) +
    (Number.isNaN(now.sentiment) || now.sentimentTicks > 12 ? 0 : laws.sentiment * (3.5 - now.sentiment)) +
    laws.overdue * overdue +
    (profile.tier !== 'smb' && now.daysSinceTwoWay > 60 ? laws.silence : 0) -
    laws.tenure * Math.log1p(Math.max(0, today - now.paidSince) / 180) +
    laws.renewal * renewal +
    (profile.termMonths === 1 ? laws.monthlyTerm : 0) +
    (now.products > 1 ? laws.addOn : 0) +
    laws.tiers[profile.tier] +
    (laws.regions[profile.region] ?? 0) +
    laws.pair.effect * together(laws.pair.of, pair);
  return (
    scenario.strength * seen +
    (scenario.stockSample ? 0 : laws.drift * years) +
    (now.treatedTicks > 0 ? scenario.treatmentEffect : 0)
  );
}

interface Signs {
  lowUse: number;
  gone: number;
  overdue: number;
  urgent: number;
  unhappy: number;
  falling: number;
  renewal: number;
}

/** From 0 to about 2. */
function together(pair: Pair, { lowUse, gone, overdue, urgent, unhappy, falling, renewal }: Signs): number {
  switch (pair) {
    case 'lowUse×championGone':
      return lowUse * gone * 4;
    case 'lowUse×overdue':
      return lowUse * overdue * 4;
    case 'urgent×csat':
      return urgent * unhappy;
    case 'falling×renewal':
      return falling * renewal * 2;
  }
}

export function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
