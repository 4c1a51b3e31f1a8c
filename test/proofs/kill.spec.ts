import { rm } from 'node:fs/promises';
import { killUnderLoad, type KillFigures } from '../support/kill-harness.js';
import { makeTempDir } from '../support/temp-dir.js';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 20);

/** Small and seeded, so that a failing run can be told again (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('SIGKILL of service and database under load', () => {
  let dataDir: string;
  const run = (synchronousCommit: 'on' | 'off', untilMissing: boolean): Promise<KillFigures> =>
    killUnderLoad({ dataDir, rounds: ROUNDS, untilMissing, synchronousCommit, random: seeded(20) });

  beforeEach(async () => {
    dataDir = await makeTempDir('steward-kill-');
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it(`loses nothing acknowledged and counts nothing twice in ${ROUNDS} rounds`, async () => {
    const figures = await run('on', false);
    expect(figures.acknowledged).toBeGreaterThan(1_000);
    expect(figures).toMatchObject({ missing: 0, stored: figures.sent, counted: figures.sent });
  }, 1_800_000);

  it('detects the loss when commits do not wait for the disk', async () => {
    const figures = await run('off', true);
    expect(figures.missing).toBeGreaterThan(0);
  }, 1_800_000);
});
