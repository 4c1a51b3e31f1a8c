import { IsArray, IsBoolean, IsInt, IsNumber, IsObject, IsOptional, IsString } from 'class-validator';
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
});

describe(readHeader.name, () => {
  it('takes any key below a free object, and the named ones below a shape', () => {
    expect(readHeader(['traits.region', 'consents.email'], columnsOf(Sample))).toEqual([
      { path: ['traits', 'region'], type: 'any' },
      { path: ['consents', 'email'], type: 'boolean' },
    ]);
    const unknown = {
      status: 400,
      code: 'unknown_column',
      detail: expect.stringContaining('"consents.mail"'),
    };
    expect(() => readHeader(['consents.mail'], columnsOf(Sample))).toThrow(expect.objectContaining(unknown));
  });

  it('lists the known columns when one is unknown', () => {
    const listed = 'reopenedAt, domains, sizes, traits, traits.…, consents, consents.email.';
    expect(() => readHeader(['x'], columnsOf(Sample))).toThrow(listed);
  });
});
