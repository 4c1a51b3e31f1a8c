import { Random } from './random.js';
import type { Scenario } from './scenario.js';

export const TIERS = ['enterprise', 'mid-market', 'smb'] as const;
export type Tier = (typeof TIERS)[number];

/** Fixed properties of an account. All but `basis`, `slow` and `returns` appear in the facts. */
export interface Profile {
  id: string;
  name: string;
  tier: Tier;
  csm: string | null;
  industry: string;
  region: string;
  channel: string;
  internal: boolean;
  parentId: string | null;
  plan: string;
  seats: number;
  /** Minor units per month. */
  seatPrice: number;
  /** First day as a customer or in trial. */
  since: number;
  trialDays: number;
  termMonths: 1 | 12;
  noticeDays: number;
  /** Events per active user and week. */
  intensity: number;
  /** Share of seats that its use returns to; shows only through its use. */
  basis: number;
  /** Slow to ramp up; shows only through its use and milestones. */
  slow: boolean;
  /** Phase of its surveys. */
  phase: number;
  /** One of our own employees has a user in it. */
  ownUser: boolean;
  noise: Readonly<Record<string, number | string>>;
}

export const REGIONS = ['EMEA', 'AMER', 'APAC'] as const;
const SHORTEST_NOTICE = 30;
const LONGEST_NOTICE = 60;
const OLDEST_DAYS = 1_100;
/** Days by which our own account is older than the facts. */
export const OWN_ACCOUNT_DAYS = OLDEST_DAYS;
const STOCK_DAYS = 3_650;
/** Share of accounts that exist when the facts begin. */
const THERE_ALREADY = 0.72;
const DAYS_IN_MONTH = 30.4;
/** E-mail domain of the simulated company itself. */
export const OWN_DOMAIN = 'demo.example';
const CSMS = ['kim', 'noor', 'sam', 'toni'].map((name) => `${name}@${OWN_DOMAIN}`);

const FIRST = [
  'Alder',
  'Beacon',
  'Cobalt',
  'Dune',
  'Ember',
  'Fjord',
  'Granite',
  'Harbor',
  'Indigo',
  'Juniper',
  'Kestrel',
  'Larch',
  'Meadow',
  'Nimbus',
  'Orchard',
  'Pioneer',
  'Quarry',
  'Ridge',
  'Summit',
  'Tundra',
  'Umber',
  'Valley',
  'Willow',
  'Zephyr',
  'Saffron',
];
const SECOND = [
  'Analytics',
  'Logistics',
  'Health',
  'Robotics',
  'Media',
  'Foods',
  'Energy',
  'Retail',
  'Labs',
  'Mobility',
  'Works',
  'Insurance',
  'Travel',
];

interface Size {
  seats: [number, number];
  intensity: number;
  plan: string;
  seatPrice: number;
  yearly: number;
}
const SIZES: Record<Tier, Size> = {
  enterprise: { seats: [60, 140], intensity: 1.1, plan: 'Enterprise', seatPrice: 14_900, yearly: 1 },
  'mid-market': { seats: [18, 50], intensity: 1.5, plan: 'Pro', seatPrice: 7_900, yearly: 0.85 },
  smb: { seats: [4, 14], intensity: 3, plan: 'Basic', seatPrice: 3_900, yearly: 0.4 },
};

/** The account with this index. `attempt` draws another one: a stock sample needs one that still exists. */
export function profileOf(scenario: Scenario, index: number, attempt = 0): Profile {
  const random = new Random(scenario.seed, index, attempt, 'profile');
  const internal = index % 200 === 0;
  const tier = random.weighted<Tier>([
    ['enterprise', 15],
    ['mid-market', 35],
    ['smb', 50],
  ]);
  const size = SIZES[tier];
  const since = sinceOf(scenario, random, internal);
  const isNew = since >= scenario.startDay;
  return {
    id: accountId(index),
    name: nameOf(index),
    tier,
    csm: tier === 'smb' ? null : (CSMS[random.whole(0, CSMS.length - 1)] ?? null),
    industry: SECOND[random.whole(0, SECOND.length - 1)] ?? '',
    region: REGIONS[random.whole(0, REGIONS.length - 1)] ?? '',
    channel: random.weighted([
      ['organic', 4],
      ['partner', 3],
      ['ads', 2],
      ['event', 1],
    ]),
    internal,
    parentId: index > 10 && index % 20 === 7 ? accountId(index - 6) : null,
    plan: size.plan,
    seats: random.whole(...size.seats),
    seatPrice: Math.round((size.seatPrice * random.between(0.85, 1.15)) / 100) * 100,
    since,
    trialDays:
      isNew && !internal && random.chance(0.3)
        ? random.weighted([
            [14, 1],
            [30, 2],
          ] as const)
        : 0,
    termMonths: random.chance(size.yearly) ? 12 : 1,
    noticeDays: tier === 'smb' ? SHORTEST_NOTICE : LONGEST_NOTICE,
    intensity: size.intensity * random.between(0.85, 1.2),
    basis: 0.75 + 0.06 * random.normal(),
    slow: random.chance(0.12),
    phase: random.whole(0, 23),
    ownUser: random.chance(0.03),
    noise: noiseOf(random),
  };
}

function accountId(index: number): string {
  return `DEMO-${String(index + 1).padStart(3, '0')}`;
}

function sinceOf({ startDay, months, stockSample }: Scenario, random: Random, internal: boolean): number {
  if (stockSample) return startDay - random.whole(0, STOCK_DAYS);
  if (internal) return startDay - OWN_ACCOUNT_DAYS;
  return random.chance(THERE_ALREADY)
    ? startDay - random.whole(20, OLDEST_DAYS)
    : startDay + random.whole(0, Math.round(months * DAYS_IN_MONTH));
}

/** Name pairs repeat; a number distinguishes the later ones. */
function nameOf(index: number): string {
  const pairs = FIRST.length * SECOND.length;
  const name = `${FIRST[index % FIRST.length]} ${SECOND[index % SECOND.length]}`;
  return index < pairs ? name : `${name} ${Math.floor(index / pairs) + 1}`;
}

/** Typical traits that have no effect on churn. */
function noiseOf(random: Random): Record<string, number | string> {
  const letter = (letters: string): string => letters[random.whole(0, letters.length - 1)] ?? '';
  return {
    employees: Math.round(Math.exp(4 + 1.3 * random.normal())),
    founded: random.whole(1955, 2022),
    offices: 1 + random.poisson(1.5),
    campaignClicks: random.poisson(3),
    webinars: random.poisson(0.8),
    leadScore: random.whole(0, 100),
    discountPercent: 5 * random.poisson(1),
    integrations: random.poisson(2),
    dataRegion: letter('ABC'),
    accountGroup: letter('KLMNOP'),
    logoColour: letter('RGB'),
    salesCycleDays: Math.round(Math.exp(3.5 + 0.6 * random.normal())),
  };
}
