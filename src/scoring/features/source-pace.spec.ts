import { addDays } from '../../platform/days.js';
import { paceOf } from './source-pace.js';

const DAY = '2024-12-31';
/** Days so long ago, the oldest first. */
const ago = (...days: number[]) => days.map((back) => addDays(DAY, -back));

describe(paceOf.name, () => {
  it.each([
    ['never sent', [], null, false],
    ['sent once, long ago', [300], null, false],
    ['sent on too few days to have a pace', [90, 80, 70, 60], null, false],
    ['daily, up to a week ago', [11, 10, 9, 8, 7], 1, false],
    ['daily, up to eight days ago', [12, 11, 10, 9, 8], 1, true],
    ['weekly, three weeks ago', [49, 42, 35, 28, 21], 7, false],
    ['weekly, longer ago', [50, 43, 36, 29, 22], 7, true],
    ['daily with one long gap', [40, 11, 10, 9, 8], 1, true],
    ['between two paces', [14, 13, 12, 10, 8], 1.5, true],
  ])('finds the pace of a source %s', (_, backs, usualGapDays, silent) => {
    const days = ago(...backs);
    expect(paceOf(days, DAY)).toEqual({ lastAt: days.at(-1) ?? null, usualGapDays, silent });
  });
});
