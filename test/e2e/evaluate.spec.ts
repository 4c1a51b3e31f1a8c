import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { evaluate, type Figures } from '../support/evaluate.js';
import { run, type Ran } from '../support/run-program.js';
import { makeTempDir } from '../support/temp-dir.js';

describe('npm run evaluate', () => {
  let folder: string;
  beforeAll(async () => (folder = await makeTempDir('steward-evaluate-')));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('names a column that predicts churn alone and how to drop it', async () => {
    const file = path.join(folder, 'leak.csv');
    const lines = Array.from(
      { length: 300 },
      (_, row) =>
        `${row % 7},${row % 3 === 0 ? 'a' : 'b'},${row % 4 === 0 ? row % 30 : ''},${row % 4 === 0}\n`,
    );
    await writeFile(file, `use,plan,days since goodbye,left\n${lines.join('')}`);
    const args = ['--data', file, '--label', 'left', '--positive', 'true', '--model', 'logistic'];
    const { stdout } = await evaluate(...args);
    expect(stdout).toContain('3 columns: 2 numbers, 1 category\n');
    expect(stdout).toContain('Suspected leak: days since goodbye alone has an AUC of 1.000.');
    expect(stdout).toContain('--drop "days since goodbye"');
    const { suspectedLeaks } = JSON.parse((await evaluate(...args, '--json')).stdout) as Figures;
    expect(suspectedLeaks).toEqual([{ column: 'days since goodbye', auc: 1 }]);
    const without = await evaluate(...args, '--drop', 'days since goodbye');
    expect(without.stdout).not.toContain('Suspected leak');
  });

  it('reads amounts, percentages and US dates of an export', async () => {
    const file = path.join(folder, 'export.csv');
    const lines = Array.from(
      { length: 60 },
      (_, row) =>
        `C${row};"$${1 + (row % 2)},${100 + row}.02";${2 + row}.468,10;${row}.6%;6/${1 + (row % 28)}/2024;${row % 4 === 0 ? 'Yes' : 'No'}\n`,
    );
    await writeFile(file, `customer_id;monthly_charge;total;pct;last_login;churn\n${lines.join('')}`);
    const args = ['--data', file, '--label', 'churn', '--positive', 'Yes', '--model', 'logistic'];
    const { stdout } = await evaluate(...args);
    expect(stdout).toContain('4 columns: 4 numbers, 0 categories\n');
    expect(stdout).toContain('customer_id was left out as an id');
    expect(stdout).toContain('monthly_charge: read as numbers, "$1,100.02" as 1100.02.');
    expect(stdout).toContain('total: read as numbers, "2.468,10" as 2468.1.');
    expect(stdout).toContain('pct: read as numbers, "0.6%" as 0.6.');
    expect(stdout).toContain('last_login: dates are read as days, month first.');
  });

  it('reports errors in one line', async () => {
    const file = path.join(folder, 'small.csv');
    await writeFile(file, 'a,b\n1,x\n2,y\n');
    expect(await evaluate('--data', file, '--label', 'c', '--positive', 'x')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Unknown column "c". Columns: a, b\n',
    });
  });
});

describe('npm run honesty', () => {
  const honesty = (...args: string[]): Promise<Ran> => run('dist/bench/honesty/main.js', ...args);

  it('prints its usage', async () => {
    const { code, stdout, stderr } = await honesty('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^npm run honesty -- \[--scenario truth\|/);
  });

  it.each([
    [['--scenario', 'nope'], '--scenario must be one of truth, constant, leak, stock, few, not "nope"'],
    [['--seed', '1,x'], '--seed must be a whole number of at least 0, not "x"'],
    [['--accounts', '0'], '--accounts must be a whole number of at least 1, not "0"'],
    [['--sead', '1'], "Unknown option '--sead'"],
  ])('reports what is wrong with %j, without a stack trace', async (args, message) => {
    const { code, stdout, stderr } = await honesty(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('npm run honesty -- ');
    expect(stderr).not.toMatch(/\bat .*\.js:/);
  });
});
