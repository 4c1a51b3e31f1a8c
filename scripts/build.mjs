// Builds when a source is newer than the last build. Of two at a time the second waits and finds the work done.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const SOURCES = [
  'src',
  'migrations',
  'bench',
  'test/support',
  'package.json',
  'package-lock.json',
  'nest-cli.json',
];
const CONFIGS = ['tsconfig.json', 'tsconfig.build.json'];
const STAMP = 'dist/.built';
const LOCK = 'node_modules/.steward-build';
const LOCK_LIMIT_MS = 5 * 60_000;

const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs;

/** Folders count too: their time changes when a file is taken away. */
function newest(file) {
  const own = modified(file) ?? 0;
  if (!statSync(file, { throwIfNoEntry: false })?.isDirectory()) return own;
  return Math.max(own, ...readdirSync(file).map((name) => newest(path.join(file, name))));
}

const isFresh = () => (modified(STAMP) ?? 0) > Math.max(...[...SOURCES, ...CONFIGS].map(newest));

async function lock() {
  for (;;) {
    try {
      mkdirSync(LOCK);
      return;
    } catch (error) {
      if (error.code === 'EACCES' || error.code === 'EROFS') {
        console.error(
          `The build is out of date and this user cannot write to this folder. Run npm run build as its owner.`,
        );
        process.exit(1);
      }
      if (error.code !== 'EEXIST') throw error;
      // Left behind by a build that was killed.
      if (Date.now() - (modified(LOCK) ?? 0) > LOCK_LIMIT_MS) rmSync(LOCK, { recursive: true, force: true });
      await sleep(100);
    }
  }
}

if (isFresh()) process.exit(0);
await lock();
let status = 0;
try {
  if (!isFresh()) {
    const startedAt = new Date();
    status =
      spawnSync('nest', ['build'], { stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1;
    if (status === 0) {
      writeFileSync(STAMP, '');
      // What changed while it built is newer than the stamp.
      utimesSync(STAMP, startedAt, startedAt);
    }
  }
} finally {
  rmSync(LOCK, { recursive: true, force: true });
}
process.exit(status);
