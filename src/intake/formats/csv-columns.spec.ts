import {
  IsArray,
  IsBoolean,
  IsHexColor,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
} from 'class-validator';
import { AccountDto } from '../kinds/account.dto.js';
import { ActivityDto } from '../kinds/activity.dto.js';
import { ContactDto } from '../kinds/contact.dto.js';
import { EventDto } from '../kinds/event.dto.js';
import { GaugeDto } from '../kinds/gauge.dto.js';
import { InvoiceDto } from '../kinds/invoice.dto.js';
import { MilestoneDto } from '../kinds/milestone.dto.js';
import { SubscriptionDto } from '../kinds/subscription.dto.js';
import { SurveyDto } from '../kinds/survey.dto.js';
import { TicketDto } from '../kinds/ticket.dto.js';
import { IsInstant, IsInstantList, IsKeyList, IsShape } from '../../platform/validation/rules.js';
import { columnsOf, readHeader } from './csv-columns.js';

class Consents {
  @IsOptional() @IsBoolean() email?: boolean;
}

class Sample {
  @IsString() id!: string;
  @IsOptional() @IsInt() seats?: number;
  @IsOptional() @IsNumber() mrr?: number;
  @IsOptional() @IsBoolean() trial?: boolean;
  @IsOptional() @IsInstant() startedAt?: string;
  @IsOptional() @IsInstantList() reopenedAt?: string[];
  @IsOptional() @IsKeyList() domains?: string[];
  @IsOptional() @IsArray() @IsInt({ each: true }) sizes?: number[];
  @IsOptional() @IsObject() traits?: object;
  @IsOptional() @IsShape(() => Consents) consents?: Consents;
}

describe(columnsOf.name, () => {
  it('tells each column and its type from the rules of the class', () => {
    expect(Object.fromEntries(columnsOf(Sample))).toEqual({
      id: 'string',
      seats: 'integer',
      mrr: 'number',
      trial: 'boolean',
      startedAt: 'instant',
      reopenedAt: 'list',
      domains: 'list',
      sizes: 'list',
      traits: 'object',
      consents: 'object',
      'consents.email': 'boolean',
    });
  });

  it.each<[new () => object, object]>([
    [
      AccountDto,
      { id: 'string', externalIds: 'list', internal: 'boolean', createdAt: 'instant', traits: 'map' },
    ],
    [ActivityDto, { accountId: 'string', twoWay: 'boolean' }],
    [ContactDto, { userIds: 'list', email: 'string', timeZone: 'string', consents: 'map' }],
    [EventDto, { messageId: 'string', value: 'number', properties: 'object' }],
    [GaugeDto, { name: 'string', value: 'number', at: 'instant' }],
    [InvoiceDto, { amount: 'integer', currency: 'string' }],
    [MilestoneDto, { plan: 'string', doneAt: 'instant' }],
    [SubscriptionDto, { billing: 'string', seats: 'integer', trial: 'boolean', limits: 'object' }],
    [SurveyDto, { kind: 'string', score: 'number' }],
    [TicketDto, { priority: 'string', reopenedAt: 'list', csat: 'number' }],
  ])('knows every rule of %p', (dto, some) => {
    expect(Object.fromEntries(columnsOf(dto))).toMatchObject(some);
  });

  it('throws on a rule that it does not know', () => {
    class Odd {
      @IsHexColor() colour!: string;
    }
    expect(() => columnsOf(Odd)).toThrow('Odd.colour: the rule isHexColor');
  });
});

describe(readHeader.name, () => {
  it('takes any key below a free object, and the named ones below a shape', () => {
    expect(readHeader(['traits.a.b', 'consents.email'], columnsOf(Sample))).toEqual([
      { path: ['traits', 'a', 'b'], type: 'any' },
      { path: ['consents', 'email'], type: 'boolean' },
    ]);
    expect(() => readHeader(['consents.mail'], columnsOf(Sample))).toThrow('Unknown column "consents.mail"');
  });

  it('keeps the dots of a key below a map', () => {
    expect(readHeader(['traits.a.b'], columnsOf(AccountDto))).toEqual([
      { path: ['traits', 'a.b'], type: 'any' },
    ]);
  });

  it('lists the known columns when one is unknown', () => {
    const listed = 'reopenedAt, domains, sizes, traits, traits.…, consents, consents.email';
    expect(() => readHeader(['x'], columnsOf(Sample))).toThrow(listed);
  });
});
