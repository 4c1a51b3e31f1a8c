import type { RawColumn } from '../ebm/columns.js';
import { columnsOf } from './columns-of.js';

const numeric = (name: string, valueOf: (row: number) => number): RawColumn => ({
  name,
  kind: 'numeric',
  values: Float32Array.from({ length: 200 }, (_, row) => valueOf(row)),
});
const ROWS = Int32Array.from({ length: 100 }, (_, row) => row);

describe(columnsOf.name, () => {
  it.each([
    ['autoRenew', (row: number) => row % 2, 'part of the outcome'],
    ['noticeGiven', (row: number) => row % 2, 'part of the outcome'],
    ['trait.new', (row: number) => (row < 97 ? NaN : row), 'missing in 97 % of past rows'],
    ['trait.never', (row: number) => (row < 100 ? NaN : row), 'never known'],
    ['trait.same', (row: number) => (row < 100 ? 5 : row), 'constant'],
  ])('drops %s', (name, valueOf, reason) => {
    const sut = columnsOf([numeric(name, valueOf), numeric('x', (row) => row)], ROWS);
    expect(sut.columns.map((column) => column.name)).toEqual(['x']);
    expect(sut.leftOut).toEqual([{ feature: name, reason }]);
  });

  it('keeps known indicators, categories and earlier auto-renewal', () => {
    const tier: RawColumn = {
      name: 'tier',
      kind: 'category',
      values: Array.from({ length: 200 }, (_, row) => (row % 2 ? 'a' : null)),
    };
    const columns = [
      numeric('autoRenew30', (row) => row % 2),
      numeric('asked', (row) => (row % 3 ? NaN : 1)),
      tier,
    ];
    expect(columnsOf(columns, ROWS)).toEqual({ columns, leftOut: [] });
  });
});
