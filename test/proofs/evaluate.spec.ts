import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { evaluate, type Figures, meanOf } from '../support/evaluate.js';
import { makeTempDir } from '../support/temp-dir.js';

const TELCO = '../shared/data/telco/Telco-Customer-Churn.csv';
const telco = existsSync(TELCO) ? it : it.skip;
const NAMES = [
  'auc',
  'prAuc',
  'brier',
  'logLoss',
  'ece',
  'calibrationSlope',
  'calibrationIntercept',
  'liftAt10',
  'precisionAt10',
];

describe('npm run evaluate', () => {
  let folder: string;
  beforeAll(async () => (folder = await makeTempDir('steward-evaluate-')));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('finds the interaction and the non-monotonic effect of another table, also in text output', async () => {
    const file = path.join(folder, 'accounts.csv');
    const lines = Array.from({ length: 2_000 }, (_, row) => {
      const [use, seats, noise] = [row % 40, Math.floor(row / 40) % 50, (row * 7) % 11];
      const isRisky = use > 20 === seats > 25 || noise === 4 || noise === 5;
      const left = isRisky === (row * 13) % 10 > 1;
      return `acc-${row};${use};"${seats}";${row % 9 === 0 ? '' : noise};same;${left ? 'gone' : 'here'}\r\n`;
    });
    await writeFile(file, `\ufeffaccount;use;seats;noise;source;state\r\n${lines.join('')}`);
    const args = ['--data', file, '--label', 'state', '--positive', 'gone', '--folds', '3'];
    const { stdout } = await evaluate(...args);
    expect(stdout).toContain('account was left out: nearly every row has a different value');
    expect(stdout).toContain('source was left out: it has the same value in all rows.');
    expect(stdout).toMatch(/Strongest pairs\n {2}use × seats /);
    const ebm = JSON.parse((await evaluate(...args, '--json')).stdout) as Figures;
    const logistic = JSON.parse((await evaluate(...args, '--json', '--model', 'logistic')).stdout) as Figures;
    expect(meanOf(ebm, 'auc')).toBeGreaterThan(0.8);
    expect(meanOf(logistic, 'auc')).toBeLessThan(0.6);
  });

  telco(
    `meets the published figures on Telco (skipped where ${TELCO} is absent)`,
    async () => {
      const args = ['--data', TELCO, '--label', 'Churn', '--positive', 'Yes', '--seed', '1', '--json'];
      const { stdout, stderr, code } = await evaluate(...args);
      expect([code, stderr]).toEqual([0, '']);
      const figures = JSON.parse(stdout) as Figures;
      for (const name of NAMES)
        expect(figures[name]).toEqual({ mean: expect.any(Number), sd: expect.any(Number) });
      expect(figures.dropped).toEqual([{ column: 'customerID', reason: 'id' }]);
      // One split: between split seeds the mean of the AUC has a standard deviation of .001.
      expect(meanOf(figures, 'auc')).toBeGreaterThan(0.846);
      expect(meanOf(figures, 'logLoss')).toBeLessThan(0.4145);
      expect(Math.abs(meanOf(figures, 'calibrationSlope') - 1)).toBeLessThan(0.07);
      expect(meanOf(figures, 'ece')).toBeLessThan(0.015);
      const again = JSON.parse((await evaluate(...args)).stdout) as Figures;
      expect({ ...again, seconds: 0 }).toEqual({ ...figures, seconds: 0 });
    },
    1_800_000,
  );
});
