import { getMetadataStorage } from 'class-validator';
import { compileValidator } from '../../platform/validation/compile.js';
import type { Class } from '../../platform/validation/rules.js';
import { AccountDto } from './account.dto.js';
import { ActivityDto } from './activity.dto.js';
import { ContactDto } from './contact.dto.js';
import { EventDto } from './event.dto.js';
import { GaugeDto } from './gauge.dto.js';
import { InvoiceDto } from './invoice.dto.js';
import { MilestoneDto } from './milestone.dto.js';
import { requiredAtFirst } from './required-at-first.js';
import { SubscriptionDto } from './subscription.dto.js';
import { SurveyDto } from './survey.dto.js';
import { TicketDto } from './ticket.dto.js';

/** Fields of each kind as the design fixes them, and which of them a first state needs. */
const kinds: [Class, string, string][] = [
  [
    AccountDto,
    'id externalIds name tier stage csm parentId domains internal acquisitionChannel referredBy createdAt traits effectiveAt',
    '',
  ],
  [ContactDto, 'id accountId userIds email name role timeZone consents effectiveAt', 'accountId'],
  [
    EventDto,
    'messageId accountId userId event timestamp value product properties',
    'accountId event timestamp',
  ],
  [GaugeDto, 'id accountId name value at effectiveAt', 'accountId name value at'],
  [
    SubscriptionDto,
    'id accountId product plan billing seats mrr currency startedAt renewsAt termMonths autoRenew trial limits noticePeriodDays noticeGivenAt endedAt endReason churnReason endComment serviceTargets effectiveAt',
    'accountId startedAt',
  ],
  [
    TicketDto,
    'id accountId contactId subject status channel priority openedAt firstResponseAt resolvedAt reopenedAt escalatedAt csat csatAt effectiveAt',
    'accountId openedAt',
  ],
  [
    InvoiceDto,
    'id accountId subscriptionId issuedAt dueAt paidAt amount refunded refundedAt currency effectiveAt',
    'accountId issuedAt',
  ],
  [SurveyDto, 'id accountId contactId kind score comment by sentAt answeredAt effectiveAt', 'accountId kind'],
  [ActivityDto, 'id accountId contactId kind at by twoWay note effectiveAt', 'accountId kind at'],
  [MilestoneDto, 'id accountId name plan dueAt doneAt effectiveAt', 'accountId name'],
];

const words = (list: string): string[] => list.split(' ').filter((word) => word !== '');

describe('the ten kinds', () => {
  it.each(kinds)('%p has the fields of the design', (dto, fields) => {
    const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
    expect([...new Set(rules.map(({ propertyName }) => propertyName))]).toEqual(words(fields));
  });

  it.each(kinds)('%p says what its first state needs', (dto, _fields, needed) => {
    expect(requiredAtFirst(dto)).toEqual(words(needed));
    const validate = compileValidator(dto, { unknownFields: 'refuse', required: requiredAtFirst(dto) });
    expect(validate({ id: 'x' })?.map(({ pointer }) => pointer.slice(1)) ?? []).toEqual(
      dto === EventDto ? [...words(needed), 'id'] : words(needed),
    );
  });

  it.each(kinds)(
    '%p takes a patch of its id alone and refuses null for what a first state needs',
    (dto, _fields, needed) => {
      const validate = compileValidator(dto, { unknownFields: 'refuse' });
      const id = dto === EventDto ? { messageId: 'x' } : { id: 'x' };
      expect(validate(id)).toBeNull();
      const nulls = Object.fromEntries(words(needed).map((name) => [name, null]));
      expect(validate({ ...id, ...nulls })?.map(({ code, pointer }) => `${code} ${pointer}`) ?? []).toEqual(
        words(needed).map((name) => `missing /${name}`),
      );
    },
  );

  it.each<[Class, object, string]>([
    [AccountDto, { traits: { a: {} } }, 'wrong_type /traits/a'],
    [AccountDto, { traits: { ' ': 1 } }, 'malformed /traits'],
    [AccountDto, { traits: { a: 'x'.repeat(1001) } }, 'too_long /traits/a'],
    [AccountDto, { traits: { a: '\ud800' } }, 'malformed /traits/a'],
    [AccountDto, { stage: 'mature' }, 'not_allowed /stage'],
    [AccountDto, { externalIds: ['a', ''] }, 'malformed /externalIds/1'],
    [ContactDto, { email: 'ada@acme' }, 'malformed /email'],
    [ContactDto, { email: 'ada lovelace@acme.example' }, 'malformed /email'],
    [ContactDto, { email: 'a@b@acme.example' }, 'malformed /email'],
    [ContactDto, { timeZone: 'Mars/Olympus' }, 'not_allowed /timeZone'],
    [ContactDto, { timeZone: '+01:00' }, 'not_allowed /timeZone'],
    [ContactDto, { consents: { email: 'yes' } }, 'wrong_type /consents/email'],
    [SubscriptionDto, { seats: 1_000_000_001 }, 'out_of_range /seats'],
    [SubscriptionDto, { mrr: 10.5 }, 'wrong_type /mrr'],
    [SubscriptionDto, { currency: 'usd' }, 'not_allowed /currency'],
    [SubscriptionDto, { limits: { a: { allowed: 1 } } }, 'missing /limits/a/gauge'],
    [SubscriptionDto, { limits: { a: { allowed: 1, gauge: 'g', used: 1 } } }, 'unknown_field /limits/a/used'],
    [SubscriptionDto, { noticePeriodDays: -1 }, 'out_of_range /noticePeriodDays'],
    [SubscriptionDto, { churnReason: 'moved' }, 'not_allowed /churnReason'],
    [SubscriptionDto, { serviceTargets: { urgent: {} } }, 'missing /serviceTargets/urgent'],
    [SubscriptionDto, { serviceTargets: { p1: { resolutionHours: 1 } } }, 'unknown_field /serviceTargets/p1'],
    [SubscriptionDto, { serviceTargets: { low: { hours: 1 } } }, 'unknown_field /serviceTargets/low/hours'],
    [
      SubscriptionDto,
      { serviceTargets: { low: { resolutionHours: 0 } } },
      'out_of_range /serviceTargets/low/resolutionHours',
    ],
    [
      SubscriptionDto,
      { serviceTargets: { low: { firstResponseHours: '1' } } },
      'wrong_type /serviceTargets/low/firstResponseHours',
    ],
    [
      SubscriptionDto,
      { serviceTargets: { urgent: { firstResponseHours: 8, resolutionHours: 1 } } },
      'out_of_range /serviceTargets/urgent/resolutionHours',
    ],
    [TicketDto, { status: 'resolved' }, 'not_allowed /status'],
    [TicketDto, { csat: 0 }, 'out_of_range /csat'],
    [TicketDto, { reopenedAt: ['2024-01-01', '2024-01-01 10:00'] }, 'malformed /reopenedAt/1'],
    [SurveyDto, { kind: 'csat', score: 6 }, 'out_of_range /score'],
    [SurveyDto, { kind: 'sentiment', score: 0 }, 'out_of_range /score'],
    [SurveyDto, { kind: 'toString', score: 1 }, 'not_allowed /kind'],
    [SurveyDto, { score: 11 }, 'out_of_range /score'],
    [GaugeDto, { value: 1.1e15 }, 'out_of_range /value'],
  ])('%p refuses %j', (dto, fields, expected) => {
    const violations = compileValidator(dto, { unknownFields: 'refuse' })({ id: 'x', ...fields });
    expect(violations?.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([expected]);
  });

  it.each<[Class, object]>([
    [ContactDto, { email: "o'hara+list@sub.bücher.example", timeZone: 'UTC' }],
    [
      SubscriptionDto,
      { serviceTargets: { urgent: { firstResponseHours: 0.5 }, low: { resolutionHours: 40 } } },
    ],
    [SurveyDto, { kind: 'nps', score: 0 }],
    [SurveyDto, { score: 7 }],
    [InvoiceDto, { amount: 0, refunded: -5, currency: 'JPY' }],
  ])('%p takes %j', (dto, fields) => {
    expect(compileValidator(dto, { unknownFields: 'refuse' })({ id: 'x', ...fields })).toBeNull();
  });
});
