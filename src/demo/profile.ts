import { Random } from './random.js';

/** What becomes of an account. `day`s count from the first day of the simulation. */
export type Course =
  | { kind: 'steady' | 'growing' | 'troubled' | 'internal' }
  | { kind: 'declining' | 'silent' | 'shrinking' | 'trial'; day: number }
  | { kind: 'leaving'; day: number; endDay: number };

export const TIERS = ['enterprise', 'mid-market', 'smb'] as const;
export type Tier = (typeof TIERS)[number];

export interface Profile {
  id: string;
  name: string;
  tier: Tier;
  csm: string;
  industry: string;
  channel: string;
  plan: string;
  seats: number;
  /** Minor units a month. */
  seatPrice: number;
  users: number;
  /** The first day as a customer: below 0 before the simulation begins. */
  since: number;
  course: Course;
}

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
];
const SIZES: Record<Tier, { seats: [number, number]; users: number; plan: string; seatPrice: number }> = {
  enterprise: { seats: [120, 400], users: 18, plan: 'Enterprise', seatPrice: 5_900 },
  'mid-market': { seats: [25, 90], users: 11, plan: 'Pro', seatPrice: 4_500 },
  smb: { seats: [4, 18], users: 5, plan: 'Basic', seatPrice: 2_900 },
};

/** The account of that number; it is the same in a company of any size. */
export function profileOf(seed: number, index: number): Profile {
  const random = new Random(seed, index, 'profile');
  const tier = random.weighted<Tier>([
    ['enterprise', 2],
    ['mid-market', 4],
    ['smb', 6],
  ]);
  const { seats, users, plan, seatPrice } = SIZES[tier];
  const course = courseOf(random, index);
  return {
    id: `DEMO-${String(index + 1).padStart(3, '0')}`,
    name: nameOf(index),
    tier,
    csm: random.weighted([
      ['kim@demo.example', 1],
      ['noor@demo.example', 1],
      ['sam@demo.example', 1],
    ]),
    industry: SECOND[index % SECOND.length] ?? '',
    channel: random.weighted([
      ['organic', 4],
      ['partner', 3],
      ['ads', 2],
      ['event', 1],
    ]),
    plan,
    seats: random.whole(...seats),
    seatPrice,
    users: random.whole(Math.ceil(users * 0.6), users),
    since:
      course.kind === 'trial'
        ? course.day
        : random.chance(0.85)
          ? -random.whole(30, 700)
          : random.whole(10, 100),
    course,
  };
}

/** The pairs come round after 132; a number sets the later ones apart. */
function nameOf(index: number): string {
  const pairs = FIRST.length * SECOND.length;
  const name = `${FIRST[index % FIRST.length]} ${SECOND[index % SECOND.length]}`;
  return index < pairs ? name : `${name} ${Math.floor(index / pairs) + 1}`;
}

function courseOf(random: Random, index: number): Course {
  if (index === 0) return { kind: 'internal' };
  const kind = random.weighted<Course['kind']>([
    ['steady', 46],
    ['growing', 12],
    ['declining', 13],
    ['silent', 6],
    ['shrinking', 6],
    ['troubled', 9],
    ['leaving', 5],
    ['trial', 3],
  ]);
  switch (kind) {
    case 'declining':
      return { kind, day: random.whole(130, 185) };
    case 'silent':
      return { kind, day: random.whole(155, 185) };
    case 'shrinking':
      return { kind, day: random.whole(100, 190) };
    case 'trial':
      return { kind, day: random.whole(180, 192) };
    case 'leaving': {
      const day = random.whole(110, 190);
      return { kind, day, endDay: day + random.whole(20, 60) };
    }
    case 'steady':
    case 'growing':
    case 'troubled':
    case 'internal':
      return { kind };
  }
}
