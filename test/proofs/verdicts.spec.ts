import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { compileValidator } from '../../src/platform/validation/compile.js';
import type { Class } from '../../src/platform/validation/rules.js';
import { storableProblem } from '../../src/platform/validation/storable.js';
import {
  AliasCall,
  BatchCall,
  CallContext,
  GroupCall,
} from '../../src/intake/tracking/tracking-calls.dto.js';
import {
  IdentifyCall,
  PageCall,
  ScreenCall,
  TrackCall,
} from '../../src/intake/tracking/tracking-calls.dto.js';
import { AccountDto } from '../../src/intake/kinds/account.dto.js';
import { ActivityDto } from '../../src/intake/kinds/activity.dto.js';
import { ContactDto } from '../../src/intake/kinds/contact.dto.js';
import { EventDto } from '../../src/intake/kinds/event.dto.js';
import { GaugeDto } from '../../src/intake/kinds/gauge.dto.js';
import { InvoiceDto } from '../../src/intake/kinds/invoice.dto.js';
import { MilestoneDto } from '../../src/intake/kinds/milestone.dto.js';
import { requiredAtFirst } from '../../src/intake/kinds/required-at-first.js';
import { SubscriptionDto } from '../../src/intake/kinds/subscription.dto.js';
import { SurveyDto } from '../../src/intake/kinds/survey.dto.js';
import { TicketDto } from '../../src/intake/kinds/ticket.dto.js';

type Body = Record<string, unknown>;

const at = '2024-12-31T23:59:59.5+01:00';
const text = 'Grüße, 世界 😀';
const nested = { a: [{ b: [null, 1, 'x'] }] };

/** A body that uses every field of the class. */
const kinds: [Class, Body][] = [
  [
    AccountDto,
    {
      id: 'A-1',
      externalIds: ['stripe:cus_1'],
      name: text,
      tier: 'smb',
      stage: 'adopting',
      csm: 'kim',
      parentId: 'A-0',
      domains: ['acme.example'],
      internal: false,
      acquisitionChannel: 'partner',
      referredBy: 'A-2',
      createdAt: at,
      traits: { region: 'EMEA', size: 1.5, ok: true, none: null },
      effectiveAt: at,
    },
  ],
  [
    ContactDto,
    {
      id: 'C-1',
      accountId: 'A-1',
      userIds: ['u'],
      email: 'ada@acme.example',
      name: text,
      role: 'champion',
      timeZone: 'Asia/Calcutta',
      consents: { email: true },
      effectiveAt: at,
    },
  ],
  [
    EventDto,
    {
      messageId: 'm',
      accountId: 'A-1',
      userId: 'u',
      event: text,
      timestamp: at,
      value: -1.5,
      product: 'p',
      properties: nested,
    },
  ],
  [GaugeDto, { id: 'g', accountId: 'A-1', name: 'licences', value: 0, at, effectiveAt: at }],
  [
    SubscriptionDto,
    {
      id: 'S-1',
      accountId: 'A-1',
      product: 'p',
      plan: 'Pro',
      billing: 'seats',
      seats: 9,
      mrr: 278600,
      currency: 'USD',
      startedAt: at,
      renewsAt: at,
      termMonths: 12,
      autoRenew: true,
      trial: false,
      limits: { projects: { allowed: 50, gauge: 'projects' } },
      noticePeriodDays: 30,
      noticeGivenAt: at,
      endedAt: at,
      endReason: 'voluntary',
      churnReason: 'price',
      endComment: text,
      serviceTargets: { urgent: { firstResponseHours: 1, resolutionHours: 8 } },
      effectiveAt: at,
    },
  ],
  [
    TicketDto,
    {
      id: 'T-1',
      accountId: 'A-1',
      contactId: 'C-1',
      subject: text,
      status: 'on_hold',
      channel: 'web_form',
      priority: 'urgent',
      openedAt: at,
      firstResponseAt: at,
      resolvedAt: at,
      reopenedAt: [at, '2024-01-01'],
      escalatedAt: at,
      csat: 4.5,
      csatAt: at,
      effectiveAt: at,
    },
  ],
  [
    InvoiceDto,
    {
      id: 'I-1',
      accountId: 'A-1',
      subscriptionId: 'S-1',
      issuedAt: at,
      dueAt: at,
      paidAt: at,
      amount: 1,
      refunded: -1,
      refundedAt: at,
      currency: 'JPY',
      effectiveAt: at,
    },
  ],
  [
    SurveyDto,
    {
      id: 'V-1',
      accountId: 'A-1',
      contactId: 'C-1',
      kind: 'nps',
      score: 10,
      comment: text,
      by: 'kim',
      sentAt: at,
      answeredAt: at,
      effectiveAt: at,
    },
  ],
  [
    ActivityDto,
    {
      id: 'K-1',
      accountId: 'A-1',
      contactId: 'C-1',
      kind: 'call',
      at,
      by: 'kim',
      twoWay: true,
      note: text,
      effectiveAt: at,
    },
  ],
  [
    MilestoneDto,
    {
      id: 'L-1',
      accountId: 'A-1',
      name: 'first_value',
      plan: 'onboarding',
      dueAt: at,
      doneAt: at,
      effectiveAt: at,
    },
  ],
];

const ids = { messageId: 'm', userId: 'u', anonymousId: '', groupId: 'A-1' };
const times = { timestamp: at, originalTimestamp: at };
const context = { groupId: 'A-1', traits: nested, product: 'p' };
const page = { ...ids, ...times, name: text, category: '', properties: nested, context };
const calls: [Class, Body][] = [
  [TrackCall, { ...ids, ...times, event: text, properties: nested, context }],
  [IdentifyCall, { ...ids, ...times, traits: nested, context }],
  [GroupCall, { ...ids, ...times, traits: nested, context }],
  [PageCall, page],
  [ScreenCall, page],
  [AliasCall, { messageId: 'm', previousId: 'a', userId: 'u', ...times, context }],
  [BatchCall, { batch: [{ type: 'track' }, 1] }],
  [CallContext, context],
];

/** What each field may be swapped for: edges of every rule, and of every type. */
const wildValues: unknown[] = [
  null,
  true,
  '',
  ' ',
  'x',
  '\0',
  'a\u0007b',
  '\ud83d',
  '\ufe0f'.repeat(300),
  '😀'.repeat(128),
  'x'.repeat(255),
  'x'.repeat(256),
  'x'.repeat(1001),
  'x'.repeat(10_001),
  'ada@acme.example',
  'UTC',
  'USD',
  'usd',
  'ZZZ',
  'nps',
  'csat',
  at,
  '2024-02-30',
  '2024-01-01T00:00:00',
  0,
  -1,
  1,
  5,
  5.5,
  10.5,
  11,
  1e9 + 1,
  1e15,
  1e16,
  Number.MAX_SAFE_INTEGER,
  1e300,
  Infinity,
  [],
  ['x'],
  [null],
  ['x', 1],
  [at],
  ['x', ' '],
  Array(1001).fill('x'),
  [[]],
  {},
  { a: 1 },
  { a: true },
  { a: { allowed: 1, gauge: 'g' } },
  { a: { allowed: -1, gauge: 'g' } },
  { a: { allowed: 1, gauge: 'g', more: 1 } },
  { a: 'x'.repeat(1001) },
  { a: '\ud800' },
  { '\0': 1 },
  { groupId: 7 },
  { groupId: '', product: null, more: '\0' },
  { traits: [] },
  { traits: { a: '\0' } },
  Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`k${i}`, true])),
  JSON.parse('[['.repeat(12) + ']]'.repeat(12)) as unknown,
  { a: JSON.parse('{"a":'.repeat(20) + '1' + '}'.repeat(20)) as unknown },
];

const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 4, arbitrary: tie('leaf') },
    tie('list'),
    tie('object'),
  ),
  leaf: fc.oneof(
    fc.constantFrom(...wildValues),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.string({ unit: 'binary', maxLength: 10 }),
    fc.double({ noNaN: true }),
    fc.integer(),
    fc.boolean(),
  ),
  list: fc.array(tie('json'), { maxLength: 4 }),
  object: fc.dictionary(plainKey(), tie('json'), { maxKeys: 4, noNullPrototype: true }),
}));

/** class-transformer drops keys that Object.prototype has, silently; the compiled validator sees them (see compile.spec.ts). */
function plainKey(): fc.Arbitrary<string> {
  return fc.string({ unit: 'grapheme', maxLength: 12 }).filter((key) => !(key in Object.prototype));
}

/** Valid, mutated in up to three fields, with fields left out or added, or nothing like it. */
function bodies(example: Body): fc.Arbitrary<unknown> {
  const names = Object.keys(example);
  const mutations = fc.array(fc.tuple(fc.constantFrom(...names), json), { maxLength: 3 });
  const extras = fc.oneof(
    { weight: 9, arbitrary: fc.constant({}) },
    fc.dictionary(plainKey(), json, { maxKeys: 2, noNullPrototype: true }),
  );
  const near = fc
    .tuple(fc.subarray(names, { minLength: Math.ceil(names.length / 2) }), mutations, extras)
    .map(([kept, changed, added]) => ({
      ...Object.fromEntries(kept.map((name) => [name, example[name]])),
      ...Object.fromEntries(changed),
      ...added,
    }));
  return fc.oneof({ weight: 9, arbitrary: near }, json);
}

interface Mode {
  unknownFields: 'refuse' | 'allow';
  required: string[];
}

/** What class-validator says, with the two promises that it cannot make: requiredness at first, and what can be stored. */
function classValidatorAccepts(
  dto: Class,
  example: Body,
  body: unknown,
  { unknownFields, required }: Mode,
): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  const refuse = unknownFields === 'refuse';
  const errors = validateSync(plainToInstance(dto, body), {
    whitelist: refuse,
    forbidNonWhitelisted: refuse,
    forbidUnknownValues: true,
  });
  const fields = body as Body;
  if (errors.length > 0 || required.some((name) => (fields[name] ?? null) === null)) return false;
  return readValues(fields, example).every((value) => storableProblem(value) === null);
}

/** The values that are looked at: of a call's context only some, of a batch none. */
function readValues(body: Body, example: Body): unknown[] {
  return Object.keys(example).flatMap((name) => {
    const value = body[name];
    if (name === 'batch') return [];
    return name === 'context' && typeof value === 'object' && value !== null
      ? readValues(value as Body, context)
      : [value];
  });
}

function disagreements(
  dto: Class,
  example: Body,
  mode: Mode,
  runs: number,
): { wrong: unknown[]; accepted: number } {
  const validate = compileValidator(dto, mode);
  const wrong: unknown[] = [];
  let accepted = 0;
  for (const body of fc.sample(bodies(example), runs)) {
    const expected = classValidatorAccepts(dto, example, body, mode);
    const violations = validate(body);
    if (expected) accepted++;
    // A refusal without a reason would leave the sender in the dark.
    if (expected !== (violations === null) || violations?.length === 0)
      wrong.push({ body, expected, violations });
  }
  return { wrong: wrong.slice(0, 3), accepted };
}

const RUNS = 1_000;
const named = (families: [Class, Body][]): [string, Class, Body][] =>
  families.map(([dto, example]) => [dto.name, dto, example]);

describe('the results of class-validator and of the compiled validator', () => {
  it.each(named(kinds))('are the same for %s, as a patch and as a first state', (_name, dto, example) => {
    for (const required of [[], requiredAtFirst(dto)]) {
      const { wrong, accepted } = disagreements(dto, example, { unknownFields: 'refuse', required }, RUNS);
      expect(wrong).toEqual([]);
      expect(accepted / RUNS).toBeGreaterThan(0.05);
      expect(accepted / RUNS).toBeLessThan(0.95);
    }
  });

  it.each(named(calls))('are the same for %s', (_name, dto, example) => {
    const { wrong, accepted } = disagreements(
      dto,
      example,
      { unknownFields: 'allow', required: [] },
      2 * RUNS,
    );
    expect(wrong).toEqual([]);
    expect(accepted / RUNS).toBeGreaterThan(0.05);
  });

  it.each(named([...kinds, ...calls]))(
    'are the same for each odd value in each field of %s',
    (_name, dto, example) => {
      const mode: Mode = {
        unknownFields: calls.some(([call]) => call === dto) ? 'allow' : 'refuse',
        required: [],
      };
      const validate = compileValidator(dto, mode);
      expect(validate(example)).toBeNull();
      for (const name of Object.keys(example)) {
        for (const value of wildValues) {
          const body = { ...example, [name]: value };
          const expected = classValidatorAccepts(dto, example, body, mode);
          if ((validate(body) === null) !== expected)
            throw new Error(`${name}: ${JSON.stringify(value)?.slice(0, 200)}`);
        }
      }
    },
  );
});
