import type { RawColumn } from '../scoring/model/ebm/columns.js';
import { randomFrom } from '../scoring/model/ebm/random.js';
import { suspectedLeaks } from './suspected-leaks.js';

const ROWS = 1_000;
const random = randomFrom(3);
const labels = Uint8Array.from({ length: ROWS }, () => (random() < 0.2 ? 1 : 0));
const numbers = (name: string, of: (label: number) => number): RawColumn => ({
  name,
  kind: 'numeric',
  values: Float64Array.from(labels, (label) => of(label)),
});
const texts = (name: string, of: (label: number) => string | null): RawColumn => ({
  name,
  kind: 'category',
  values: Array.from(labels, (label) => of(label)),
});
const found = (...columns: RawColumn[]): string[] =>
  suspectedLeaks(columns, labels, { folds: 5, seed: 42 }).map(({ column }) => column);

describe(suspectedLeaks.name, () => {
  it('flags leaks in numbers, non-monotonic numbers, texts and blanks', () => {
    expect(
      found(
        numbers('days', (label) => (label === 1 ? 1_000 : 0) + random()),
        numbers('middle', (label) => (label === 1 ? 0 : random() < 0.5 ? -1 : 1)),
        texts('state', (label) => (label === 1 ? 'cancelled' : random() < 0.5 ? 'paid' : 'open')),
        numbers('endedAt', (label) => (label === 1 ? random() : NaN)),
      ),
    ).toEqual(['days', 'middle', 'state', 'endedAt']);
  });

  it('flags neither strong honest columns nor mostly distinct texts', () => {
    expect(
      found(
        numbers('use', (label) => random() + 0.5 * label),
        texts('city', () => `city ${Math.floor(600 * random())}`),
        texts('plan', () => null),
      ),
    ).toEqual([]);
  });
});
