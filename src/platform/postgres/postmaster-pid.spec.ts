import { parsePostmasterFile } from './postmaster-pid.js';

const whole = '4711\n/data/postgres\n1763800000\n5433\n\n127.0.0.1\n  1234 5678\nready   \n';

describe(parsePostmasterFile.name, () => {
  it('reads number, port and status', () => {
    expect(parsePostmasterFile(whole)).toEqual({ text: whole, pid: 4711, port: 5433, status: 'ready' });
  });

  it('leaves out what an early one does not say yet', () => {
    expect(parsePostmasterFile('4711\n/data/postgres\n')).toMatchObject({
      pid: 4711,
      port: undefined,
      status: undefined,
    });
  });

  it.each(['', '\n', 'garbage\n', '-1\n', '0\n'])('takes %j for no postmaster', (text) => {
    expect(parsePostmasterFile(text)).toBeUndefined();
  });
});
