import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startTestApp, type TestApp } from '../support/app.js';

const readme = await readFile('README.md', 'utf8');
const source = await readFile('src/platform/settings.ts', 'utf8');

interface Setting {
  name: string;
  fallback: string;
}

/** The simple ones of the source's defaults as the table writes them; what is worked out there is left to the reader. */
function settingsOfSource(): Setting[] {
  const calls = [...source.matchAll(/\bread\(\s*'([A-Z_]+)',\s*([^,]+),/g)];
  return calls.map(([, name = '', literal = '']) => ({ name, fallback: asWritten(literal.trim()) }));
}

function asWritten(literal: string): string {
  if (['null', 'false', '[]'].includes(literal)) return '–';
  if (/^[\d_]+$/.test(literal)) return literal.replaceAll('_', '');
  return /^'(.*)'$/.exec(literal)?.[1] ?? 'worked out';
}

function settingsOfTable(): Setting[] {
  const rows = [...readme.matchAll(/^\| `([A-Z_]+)`\s*\| (.*?)\s*\| .+\|$/gm)];
  return rows.map(([, name = '', fallback = '']) => ({ name, fallback: fallback.replaceAll('`', '') }));
}

describe('the settings in README.md', () => {
  it('are those that the service reads, in their order', () => {
    expect(settingsOfTable().map(({ name }) => name)).toEqual(settingsOfSource().map(({ name }) => name));
  });

  it('have the defaults that the service has', () => {
    const table = new Map(settingsOfTable().map(({ name, fallback }) => [name, fallback]));
    const simple = settingsOfSource().filter(({ fallback }) => fallback !== 'worked out');
    expect(simple.length).toBeGreaterThan(10);
    expect(simple.map(({ name }) => ({ name, fallback: table.get(name) }))).toEqual(simple);
  });
});

const hasCurl = ((): boolean => {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** In the order of the page, since later ones read what earlier ones sent. A machine may have no curl; CI has it. */
describe('the commands in README.md', () => {
  let app: TestApp;
  let folder: string;
  beforeAll(async () => {
    app = await startTestApp();
    folder = await mkdtemp(path.join(tmpdir(), 'steward-readme-'));
  });
  afterAll(async () => {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const blocks = [...readme.matchAll(/^### (.+)$|^```sh\n([\s\S]*?)^```$/gm)];
  const scripts = blocks.flatMap(([, , script], i) => {
    const title = blocks.slice(0, i).findLast(([, heading]) => heading)?.[1] ?? 'the page';
    return script ? [{ title, script }] : [];
  });

  (hasCurl ? it : it.skip).each(scripts)('work as they stand: $title', async ({ script }) => {
    const failing = 'curl() { command curl --silent --show-error --fail-with-body "$@" && echo; }';
    const { stdout } = await promisify(execFile)('bash', ['-euc', `${failing}\n${script}`], {
      cwd: folder,
      env: { PATH: process.env.PATH, STEWARD: app.url, KEY: app.key },
    });
    expect(stdout).not.toMatch(/"rejected":[1-9]/);
  });

  it('are there', () => {
    expect(scripts.length).toBeGreaterThan(7);
  });
});
