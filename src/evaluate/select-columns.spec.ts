import { readOptions } from './options.js';
import { selectColumns } from './select-columns.js';

const ROWS = 40;
const each = (of: (row: number) => string): string[] => Array.from({ length: ROWS }, (_, row) => of(row));
const table = (columns: Record<string, string[]>) => ({
  names: Object.keys(columns),
  columns: Object.values(columns),
  rows: ROWS,
});
const left = each((row) => (row % 4 === 0 ? 'yes' : 'no'));
const select = (columns: Record<string, string[]>, ...more: string[]) =>
  selectColumns(
    table({ ...columns, left }),
    readOptions(['--data', 'x.csv', '--label', 'left', '--positive', 'yes', ...more]),
  );
const plan = each((row) => (row % 3 === 0 ? 'pro' : 'free'));

describe(selectColumns.name, () => {
  it('tells numbers from categories; blanks are missing in both', () => {
    const { columns, labels } = select({
      plan: plan.with(1, ''),
      use: each((row) => `${row % 7}.5`)
        .with(0, '')
        .with(2, 'N/A'),
    });
    expect(columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['plan', 'category'],
      ['use', 'numeric'],
    ]);
    expect(columns[0]?.values[1]).toBeNull();
    expect([0, 1, 2, 3].map((row) => columns[1]?.values[row])).toEqual([NaN, 1.5, NaN, 3.5]);
    expect(Array.from(labels.slice(0, 5))).toEqual([1, 0, 0, 0, 1]);
  });

  it.each([
    ['texts of each row its own', 'who', each((row) => `u-${row}`)],
    ['numbers that count the rows', 'x', each((row) => String(row + 5))],
    ['whole numbers that are called an id', 'CustomerId', each((row) => String((row * 7919) % 1009))],
  ])('leaves out ids: %s', (_, name, cells) => {
    const { columns, dropped, notes } = select({ plan, [name]: cells });
    expect(columns.map((column) => column.name)).toEqual(['plan']);
    expect(dropped).toEqual([{ column: name, reason: 'id' }]);
    expect(notes).toEqual([`${name} was left out as an id: nearly every row has its own.`]);
  });

  it('keeps numbers that are distinct without being an id, and any that are asked for', () => {
    const { columns } = select(
      { mrr: each((row) => String((row * 7919) % 1009)), age: each(String) },
      '--numeric',
      'age',
    );
    expect(columns.map(({ name }) => name)).toEqual(['mrr', 'age']);
  });

  it('leaves out what is the same in all rows, and what it is asked to', () => {
    const { dropped } = select({ plan, a: each(() => ''), b: each(() => '5'), c: plan }, '--drop', 'c');
    expect(dropped).toEqual([
      { column: 'a', reason: 'constant' },
      { column: 'b', reason: 'constant' },
      { column: 'c', reason: 'asked' },
    ]);
  });

  it('takes a column as numbers where that is asked, and says what is none', () => {
    const codes = each((row) => (row % 2 === 0 ? `${row % 5}` : 'unknown'));
    expect(select({ codes }).columns[0]?.kind).toBe('category');
    const { columns, notes } = select({ codes }, '--numeric', 'codes');
    expect(columns[0]?.kind).toBe('numeric');
    expect(notes).toEqual(['codes: 20 cells are no numbers and count as missing.']);
  });

  it.each([
    ['few values', each((row) => `${row % 7},50`)],
    ['values of each row its own', each((row) => `${row},25`)],
  ])('hints at decimal commas: %s', (_, price) => {
    const { notes } = select({ plan, price });
    expect(notes).toEqual([
      `price is written with commas ("${price[0]}") and was not read as numbers: write decimal points, as in ${price[0]?.replace(',', '.')}.`,
    ]);
    expect(() => select({ plan, price }, '--numeric', 'price')).toThrow(
      'of --numeric is written with commas',
    );
  });

  it('finds columns with commas in their names, alone and among others', () => {
    const columns = { plan, 'reason, why': plan, c: plan };
    const names = (...more: string[]) => select(columns, ...more).columns.map(({ name }) => name);
    expect(names('--drop', 'reason, why')).toEqual(['plan', 'c']);
    expect(names('--drop', 'reason, why', '--drop', 'c, ')).toEqual(['plan']);
    expect(() => names('--drop', 'reason, why, c')).toThrow('There is no column "reason".');
  });

  it('reads dates as days, with or without a time, whether each row has its own or not', () => {
    const { columns, notes } = select({
      plan,
      seen: each((row) => `2025-01-${String(1 + (row % 28)).padStart(2, '0')}`).with(3, ''),
      at: each((row) => `2025-01-01 12:00:${String(row).padStart(2, '0')}`).with(1, '2025-01-01T14:00+02:00'),
    });
    expect(columns.map(({ name, kind }) => [name, kind]).slice(1)).toEqual([
      ['seen', 'numeric'],
      ['at', 'numeric'],
    ]);
    expect([0, 1, 3, 28].map((row) => columns[1]?.values[row])).toEqual([20_089, 20_090, NaN, 20_089]);
    expect([0, 1].map((row) => columns[2]?.values[row])).toEqual([20_089.5, 20_089.5]);
    expect(notes).toEqual(['seen: dates are read as days.', 'at: dates are read as days.']);
  });

  it('does not take for dates what hardly ever is one', () => {
    const { columns, notes } = select({
      plan: plan.with(0, '2025-01-01'),
      code: each((row) => `2025-13-${10 + (row % 9)}`),
    });
    expect(columns.map(({ kind }) => kind)).toEqual(['category', 'category']);
    expect(notes).toEqual([]);
  });

  it('hints at thousands too where all commas may part them', () => {
    const { notes } = select({ plan, price: each((row) => (row % 3 === 0 ? '980' : `${row},972`)) });
    expect(notes).toEqual([
      expect.stringMatching(
        /write thousands without, as in (\d+)972, or decimal points, as in \1\.972, whichever is meant\.$/,
      ),
    ]);
  });

  it('leaves out rows without a label', () => {
    const { labels, columns, notes } = selectColumns(
      table({ plan, left: left.with(0, '').with(1, '') }),
      readOptions(['--data', 'x.csv', '--label', 'left', '--positive', 'yes']),
    );
    expect([labels.length, columns[0]?.values.length]).toEqual([38, 38]);
    expect(notes).toEqual(['2 rows were left out: their label is empty.']);
  });

  it.each([
    [['--label', 'gone'], 'There is no column "gone". The columns are: plan, left.'],
    [['--drop', 'plan,nothing'], 'There is no column "nothing".'],
    [['--numeric', 'nothing'], 'There is no column "nothing".'],
    [['--numeric', 'plan'], 'The column "plan" of --numeric holds no number.'],
    [['--drop', 'left'], 'The label "left" cannot be dropped.'],
    [['--drop', 'plan'], 'No column is left to learn from.'],
    [['--positive', 'Yes'], 'The label "left" is "Yes" in no row. Its values are: yes, no.'],
    [['--folds', '11'], '11 folds need 11 rows of each kind; "left" has 10 with "yes" and 30 without.'],
  ])('says what is wrong with %j', (more, message) => {
    expect(() => select({ plan }, ...more)).toThrow(message);
  });

  it('refuses a label of one value', () => {
    const options = readOptions(['--data', 'x.csv', '--label', 'left', '--positive', 'yes']);
    expect(() => selectColumns(table({ plan, left: each(() => 'yes') }), options)).toThrow(
      'The label "left" has only one value, yes: there is nothing to tell apart.',
    );
  });
});

describe(readOptions.name, () => {
  it.each([
    [['--label', 'a'], '--data, --label and --positive are needed.'],
    [
      ['--data', 'x', '--label', 'a', '--positive', '1', '--folds', '1'],
      '--folds must be a whole number from 2',
    ],
    [['--data', 'x', '--label', 'a', '--positive', '1', '--seed', 'x'], '--seed must be a whole number'],
    [['--data', 'x', '--label', 'a', '--positive', '1', '--model', 'gbm'], '--model is ebm or logistic'],
    [['--dat', 'x'], "Unknown option '--dat'"],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
