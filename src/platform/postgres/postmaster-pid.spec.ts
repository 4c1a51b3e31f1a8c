import { parsePostmasterFile } from './postmaster-pid.js';

const whole = '4711\n/data/postgres\n1763800000\n5433\n\n127.0.0.1\n  1234 5678\nready   \n';

describe(parsePostmasterFile.name, () => {
  it('reads pid, port and status', () => {
    expect(parsePostmasterFile(whole)).toEqual({ text: whole, pid: 4711, port: 5433, status: 'ready' });
  });

  it('omits what an early file does not contain yet', () => {
    expect(parsePostmasterFile('4711\n/data/postgres\n')).toMatchObject({
      pid: 4711,
      port: undefined,
      status: undefined,
    });
  });

  it.each(['', '\n', 'garbage\n', '-1\n', '0\n'])('finds no postmaster in %j', (text) => {
    expect(parsePostmasterFile(text)).toBeUndefined();
  });
});
