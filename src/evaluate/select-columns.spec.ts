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
  it('distinguishes numbers from categories; blanks are missing in both', () => {
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

  const NO_NUMBERS =
    /was left out: nearly every row has a different value, so there is nothing to learn from it\.$/;
  const ID = /was left out as an id, judging by its name and its nearly unique values\.$/;
  const coprime = each((row) => String((row * 7919) % 1009));

  it.each([
    [
      'numbers that count the rows',
      'x',
      each((row) => String(row + 5)),
      'row number',
      /was left out: it contains row numbers\.$/,
    ],
    ['texts of each row its own', 'who', each((row) => 'x'.repeat(row + 1)), 'distinct', NO_NUMBERS],
    ['ids that are texts', 'customerID', each((row) => `${row}-VHVEG`), 'id', ID],
    ...['CustomerId', 'customerid', 'CLIENTNUM', 'msisdn', 'account_no', 'User Ref', 'cust id'].map(
      (name): [string, string, string[], string, RegExp] => [
        `whole numbers called ${name}`,
        name,
        coprime,
        'id',
        ID,
      ],
    ),
    ['ids of which a few come twice', 'CLIENTNUM', coprime.with(3, coprime[4] ?? '').with(7, ''), 'id', ID],
  ])('leaves out ids: %s', (_, name, cells, reason, note) => {
    const { columns, dropped, notes } = select({ plan, [name]: cells });
    expect(columns.map((column) => column.name)).toEqual(['plan']);
    expect(dropped).toEqual([{ column: name, reason }]);
    expect(notes).toEqual([expect.stringMatching(note)]);
  });

  it.each(['paid', 'mrr', 'avoid', 'bid', 'turnover'])('keeps distinct whole numbers called %s', (name) => {
    expect(select({ plan, [name]: coprime }).columns.map((column) => column.name)).toEqual(['plan', name]);
  });

  it('keeps shares that increase by one, which are not row numbers', () => {
    expect(select({ plan, share: each((row) => `${row}.6`) }).dropped).toEqual([]);
  });

  it('explains number and date formats when distinct texts contain digits', () => {
    const { notes } = select({ plan, speed: each((row) => `${row} km per hour`) });
    expect(notes).toEqual([
      expect.stringContaining(
        'It was read as text; if "0 km per hour" is a number or a date, write it as 1234.5 or 2026-12-31.',
      ),
    ]);
  });

  it('keeps distinct numbers that are not ids, and any that are requested', () => {
    const { columns } = select(
      { mrr: each((row) => String((row * 7919) % 1009)), age: each(String) },
      '--numeric',
      'age',
    );
    expect(columns.map(({ name }) => name)).toEqual(['mrr', 'age']);
  });

  it('drops constant columns and those to be dropped', () => {
    const { dropped } = select({ plan, a: each(() => ''), b: each(() => '5'), c: plan }, '--drop', 'c');
    expect(dropped).toEqual([
      { column: 'a', reason: 'empty' },
      { column: 'b', reason: 'constant' },
      { column: 'c', reason: 'asked' },
    ]);
  });

  it('reads a column as numbers when requested and reports other cells', () => {
    const codes = each((row) => (row % 2 === 0 ? `${row % 5}` : 'unknown'));
    expect(select({ codes }).columns[0]?.kind).toBe('category');
    const { columns, notes } = select({ codes }, '--numeric', 'codes');
    expect(columns[0]?.kind).toBe('numeric');
    expect(notes).toEqual(['codes: 20 cells are not numbers and count as missing.']);
  });

  it('reads amounts and percentages and reports how', () => {
    const { columns, dropped, notes } = select({
      plan,
      charge: each((row) => `$${1 + (row % 9)},${100 + row}.50`),
      total: each((row) => `${row},972`),
      share: each((row) => `${row}.5%`).with(0, '-'),
    });
    expect(columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['plan', 'category'],
      ['charge', 'numeric'],
      ['total', 'numeric'],
      ['share', 'numeric'],
    ]);
    expect(columns.slice(1).map(({ values }) => values[1])).toEqual([2101.5, 1.972, 1.5]);
    expect(dropped).toEqual([]);
    expect(notes).toEqual([
      'charge: read as numbers, "$1,100.50" as 1100.5.',
      'total: read as numbers, "0,972" as 0.972.',
      'share: read as numbers, "1.5%" as 1.5.',
    ]);
  });

  it('finds columns with commas in their names, alone and in lists', () => {
    const columns = { plan, 'reason, why': plan, c: plan };
    const names = (...more: string[]) => select(columns, ...more).columns.map(({ name }) => name);
    expect(names('--drop', 'reason, why')).toEqual(['plan', 'c']);
    expect(names('--drop', 'reason, why', '--drop', 'c, ')).toEqual(['plan']);
    expect(() => names('--drop', 'reason, why, c')).toThrow('Unknown column "reason".');
  });

  it('reads dates as days, with or without times, distinct or not', () => {
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

  it('does not read a column as dates when few cells are', () => {
    const { columns, notes } = select({
      plan: plan.with(0, '2025-01-01'),
      code: each((row) => `2025-13-${10 + (row % 9)}`),
    });
    expect(columns.map(({ kind }) => kind)).toEqual(['category', 'category']);
    expect(notes).toEqual([]);
  });

  it('reads commas as thousands separators when every cell has three digits after them', () => {
    const { columns, notes } = select({ plan, price: each((row) => (row % 3 === 0 ? '980' : `${row},972`)) });
    expect([0, 1, 2].map((row) => columns[1]?.values[row])).toEqual([980, 1972, 2972]);
    expect(notes).toEqual(['price: read as numbers, "1,972" as 1972.']);
  });

  it('reads US dates', () => {
    const { columns, notes } = select({ plan, seen: each((row) => `6/${1 + (row % 28)}/2024`) });
    expect(columns[1]?.values[0]).toBe(Date.UTC(2024, 5, 1) / 86_400_000);
    expect(notes).toEqual(['seen: dates are read as days, month first.']);
  });

  it('drops rows without a label', () => {
    const { labels, columns, notes } = selectColumns(
      table({ plan, left: left.with(0, '').with(1, '') }),
      readOptions(['--data', 'x.csv', '--label', 'left', '--positive', 'yes']),
    );
    expect([labels.length, columns[0]?.values.length]).toEqual([38, 38]);
    expect(notes).toEqual(['2 rows without a label were left out.']);
  });

  it.each([
    [['--label', 'gone'], 'Unknown column "gone". Columns: plan, left'],
    [['--drop', 'plan,nothing'], 'Unknown column "nothing".'],
    [['--numeric', 'nothing'], 'Unknown column "nothing".'],
    [['--numeric', 'plan'], 'The --numeric column "plan" has no numbers'],
    [['--drop', 'left'], 'The label "left" cannot be dropped'],
    [['--drop', 'plan'], 'No columns left to learn from'],
    [['--positive', 'Yes'], 'The label "left" is never "Yes". Its values: yes, no'],
    [
      ['--folds', '11'],
      '11 folds need at least 11 rows of each kind; "left" is "yes" in 10 and something else in 30',
    ],
  ])('rejects %j', (more, message) => {
    expect(() => select({ plan }, ...more)).toThrow(message);
  });

  it('rejects a label with a single value', () => {
    const options = readOptions(['--data', 'x.csv', '--label', 'left', '--positive', 'yes']);
    expect(() => selectColumns(table({ plan, left: each(() => 'yes') }), options)).toThrow(
      'The label "left" has only one value, yes, so there is nothing to predict',
    );
  });
});

describe(readOptions.name, () => {
  it.each([
    [['--label', 'a'], '--data, --label and --positive are required.'],
    [
      ['--data', 'x', '--label', 'a', '--positive', '1', '--folds', '1'],
      '--folds must be a whole number of at least 2',
    ],
    [['--data', 'x', '--label', 'a', '--positive', '1', '--seed', 'x'], '--seed must be a whole number'],
    [['--data', 'x', '--label', 'a', '--positive', '1', '--model', 'gbm'], '--model must be ebm or logistic'],
    [['--dat', 'x'], "Unknown option '--dat'"],
  ])('rejects %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
