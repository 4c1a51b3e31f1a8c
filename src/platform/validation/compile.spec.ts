import {
  IsBoolean,
  IsIn,
  IsNumber,
  IsObject,
  IsOptional,
  IsUrl,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { compileValidator } from './compile.js';
import {
  IsInstant,
  IsInstantList,
  IsKey,
  IsKeyList,
  IsMinorUnits,
  IsShape,
  IsText,
  MayBeAbsent,
} from './rules.js';

class Inner {
  @IsKey()
  name: string;

  @IsOptional()
  @IsObject()
  free?: Record<string, unknown> | null;
}

class Outer {
  @IsKey()
  id: string;

  @MayBeAbsent()
  @IsKey()
  owner?: string;

  @IsOptional()
  @IsMinorUnits()
  mrr?: number | null;

  @IsOptional()
  @IsText(5)
  plan?: string | null;

  @IsOptional()
  @IsIn(['a', 'b'])
  letter?: 'a' | 'b' | null;

  @IsOptional()
  @IsBoolean()
  yes?: boolean | null;

  @IsOptional()
  @IsInstant()
  at?: string | null;

  @IsOptional()
  @IsKeyList()
  tags?: string[] | null;

  @IsOptional()
  @IsInstantList()
  times?: string[] | null;

  @IsOptional()
  @IsShape(() => Inner)
  inner?: Inner | null;

  @IsOptional()
  @IsObject()
  free?: Record<string, unknown> | null;
}

const CENTS = 'mrr must be a whole number of minor units (cents), such as 123456 for 1,234.56';
const sut = compileValidator(Outer, { unknownFields: 'refuse' });
const lenient = compileValidator(Outer, { unknownFields: 'allow' });

describe(compileValidator.name, () => {
  it('finds nothing in a valid body', () => {
    const body = {
      id: 'x',
      owner: 'o',
      mrr: 9_007_199_254_740_991,
      plan: '😀😀😀😀😀',
      letter: 'b',
      yes: false,
      at: '2024-12-31',
      tags: ['t'],
      times: ['2024-12-31T00:00:00+01:00'],
      inner: { name: 'n', free: { a: [1] } },
      free: { deep: { er: [null] } },
    };
    expect(sut(body)).toBeNull();
    expect(lenient(body)).toBeNull();
  });

  it('accepts null for every optional field', () => {
    const names = ['mrr', 'plan', 'letter', 'yes', 'at', 'tags', 'times', 'inner', 'free'];
    expect(sut({ id: 'x', ...Object.fromEntries(names.map((name) => [name, null])) })).toBeNull();
  });

  it.each([
    [null, 'wrong_type', '', 'The body must be an object'],
    [[], 'wrong_type', '', 'The body must be an object'],
    [{}, 'missing', '/id', 'id is required'],
    [{ id: null }, 'missing', '/id', 'id is required'],
    [{ id: 7 }, 'wrong_type', '/id', 'id must be a string'],
    [{ id: ' ' }, 'malformed', '/id', 'id must not be blank'],
    [{ id: 'a\u0007' }, 'malformed', '/id', 'id must not contain control characters'],
    [{ id: 'x'.repeat(256) }, 'too_long', '/id', 'id must not be longer than 255 characters'],
    [
      { id: 'x', owner: null },
      'missing',
      '/owner',
      'owner must not be null; leave it out to keep the stored value',
    ],
    [{ id: 'x', mrr: 1.5 }, 'wrong_type', '/mrr', CENTS],
    [{ id: 'x', mrr: '1' }, 'wrong_type', '/mrr', CENTS],
    [{ id: 'x', mrr: '€ 1.234,56' }, 'wrong_type', '/mrr', CENTS],
    [{ id: 'x', mrr: 12.5 }, 'wrong_type', '/mrr', CENTS],
    [{ id: 'x', mrr: 'free' }, 'wrong_type', '/mrr', 'mrr must be a whole number'],
    [{ id: 'x', mrr: -1 }, 'out_of_range', '/mrr', 'mrr must be at least 0'],
    [{ id: 'x', mrr: 1e16 }, 'out_of_range', '/mrr', 'mrr must be at most 9007199254740991'],
    [{ id: 'x', plan: 'sixsix' }, 'too_long', '/plan', 'plan must not be longer than 5 characters'],
    [
      { id: 'x', plan: 'a\0' },
      'malformed',
      '/plan',
      'plan must not contain NUL characters or lone surrogates',
    ],
    [{ id: 'x', letter: 'c' }, 'not_allowed', '/letter', 'letter must be one of a, b'],
    [{ id: 'x', yes: 'true' }, 'wrong_type', '/yes', 'yes must be true or false'],
    [{ id: 'x', at: '2024-02-30' }, 'malformed', '/at', 'at must be a day that exists, from 1900 to 9999'],
    [{ id: 'x', tags: 't' }, 'wrong_type', '/tags', 'tags must be a list'],
    [{ id: 'x', tags: ['t', null] }, 'wrong_type', '/tags/1', 'tags.1 must be a string'],
    [
      { id: 'x', tags: Array(1001).fill('t') },
      'too_many',
      '/tags',
      'tags must not have more than 1000 items',
    ],
    [
      { id: 'x', times: ['2024-12-31', 'soon'] },
      'malformed',
      '/times/1',
      expect.stringContaining('times.1 must be'),
    ],
    [{ id: 'x', inner: {} }, 'missing', '/inner/name', 'inner.name is required'],
    [{ id: 'x', inner: [] }, 'wrong_type', '/inner', 'inner must be an object'],
    [{ id: 'x', inner: { name: 'n', more: 1 } }, 'unknown_field', '/inner/more', 'Unknown field more'],
    [
      { id: 'x', inner: { name: 'n', free: { a: '\ud800' } } },
      'malformed',
      '/inner/free/a',
      expect.any(String),
    ],
    [{ id: 'x', free: [] }, 'wrong_type', '/free', 'free must be an object'],
    [{ id: 'x', mmr: 1 }, 'unknown_field', '/mmr', 'Unknown field mmr'],
    [{ id: 'x', 'a/b~c': 1 }, 'unknown_field', '/a~1b~0c', 'Unknown field a/b~c'],
    [
      JSON.parse('{"id":"x","__proto__":{"yes":1}}'),
      'unknown_field',
      '/__proto__',
      'Unknown field __proto__',
    ],
    [{ id: 'x', constructor: 1 }, 'unknown_field', '/constructor', 'Unknown field constructor'],
    [JSON.parse('{"id":"x","free":{"__proto__":1}}'), 'not_allowed', '/free', expect.any(String)],
    [JSON.parse('{"id":"x","mrr":1e999}'), 'wrong_type', '/mrr', CENTS],
  ])('rejects %j', (body, code, pointer, detail) => {
    expect(sut(body)).toEqual([{ code, pointer, detail }]);
  });

  it('reports one violation per field in class order, unknown fields last', () => {
    const codes = sut({ extra: 1, letter: 'c', mrr: -1, id: '' })?.map(
      ({ code, pointer }) => `${code} ${pointer}`,
    );
    expect(codes).toEqual([
      'malformed /id',
      'out_of_range /mrr',
      'not_allowed /letter',
      'unknown_field /extra',
    ]);
  });

  it('stops at ten violations', () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`f${i}`, 1]));
    expect(sut({ id: 'x', ...many })).toHaveLength(10);
  });

  it('does not echo long names or values', () => {
    const text = JSON.stringify([
      sut({ id: 'x', ['secret'.repeat(1000)]: 1 }),
      sut({ id: 'x', plan: 'secret'.repeat(9) }),
    ]);
    expect(text).not.toContain('secret'.repeat(11));
    expect(JSON.stringify(sut({ id: 'x', plan: 'secret'.repeat(9) }))).not.toContain('secret');
  });

  it('ignores unknown fields when configured to', () => {
    expect(lenient({ id: 'x', extra: '\0\ud800', inner: { name: 'n', more: '\0' } })).toBeNull();
    expect(lenient({ id: 'x', inner: { name: '\0' } })?.[0]?.pointer).toBe('/inner/name');
  });

  it('requires the configured fields', () => {
    const strict = compileValidator(Outer, { unknownFields: 'refuse', required: ['owner', 'mrr'] });
    expect(strict({ id: 'x' })?.map(({ pointer }) => pointer)).toEqual(['/owner', '/mrr']);
    expect(strict({ id: 'x', owner: 'o', mrr: null })).toEqual([
      { code: 'missing', pointer: '/mrr', detail: 'mrr is required' },
    ]);
    expect(() => compileValidator(Outer, { unknownFields: 'refuse', required: ['nobody'] })).toThrow(
      'nobody',
    );
  });

  it('throws on unsupported decorators, naming them', () => {
    class Foreign {
      @IsUrl()
      url: string;
    }
    class Options {
      @IsNumber({ maxDecimalPlaces: 2 })
      price: number;
    }
    class Conditional {
      @ValidateIf(() => true)
      @IsKey()
      a: string;
    }
    class PlainNested {
      @ValidateNested()
      a: object;
    }
    class EachOfNothing {
      @IsKey({ each: true })
      a: string[];
    }
    class Empty {}
    expect(() => compileValidator(Foreign, { unknownFields: 'refuse' })).toThrow(
      'Foreign.url: the decorator isUrl',
    );
    expect(() => compileValidator(Options, { unknownFields: 'refuse' })).toThrow('isNumber');
    expect(() => compileValidator(Conditional, { unknownFields: 'refuse' })).toThrow('ValidateIf');
    expect(() => compileValidator(PlainNested, { unknownFields: 'refuse' })).toThrow('IsShape');
    expect(() => compileValidator(EachOfNothing, { unknownFields: 'refuse' })).toThrow('IsArray');
    expect(() => compileValidator(Empty, { unknownFields: 'refuse' })).toThrow('no validation decorators');
  });
});
