import { existsSync } from 'node:fs';
import { evaluate, type Figures, meanOf } from '../support/evaluate.js';

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
