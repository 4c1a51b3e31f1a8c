import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startTestApp, type TestApp } from '../support/app.js';

const PAGES = [
  'README.md',
  'docs/send-data.md',
  'docs/tracking-clients.md',
  'docs/scores.md',
  'docs/models.md',
  'docs/operate.md',
];
const settings = await readFile('docs/settings.md', 'utf8');
const source = await readFile('src/platform/settings.ts', 'utf8');

interface Setting {
  name: string;
  fallback: string;
}

const pages = await Promise.all(PAGES.map(async (page) => ({ page, text: await readFile(page, 'utf8') })));

/** The simple ones of the source's defaults as the table writes them; what is worked out there is left to the reader. */
function settingsOfSource(): Setting[] {
  const calls = [...source.matchAll(/\bread(?:<[^(]+>)?\(\s*'([A-Z_]+)',\s*([^,]+),/g)];
  return calls.map(([, name = '', literal = '']) => ({ name, fallback: asWritten(literal.trim()) }));
}

function asWritten(literal: string): string {
  if (['null', 'false', '[]', "''"].includes(literal)) return '–';
  if (/^[\d_]+$/.test(literal)) return literal.replaceAll('_', '');
  return /^'(.*)'$/.exec(literal)?.[1] ?? 'worked out';
}

function settingsOfTable(): Setting[] {
  const rows = [...settings.matchAll(/^\| `([A-Z_]+)`\s*\| (.*?)\s*\| .+\|$/gm)];
  return rows.map(([, name = '', fallback = '']) => ({ name, fallback: fallback.replaceAll('`', '') }));
}

describe('docs/settings.md', () => {
  it('lists the settings of the service, in order', () => {
    expect(settingsOfTable().map(({ name }) => name)).toEqual(settingsOfSource().map(({ name }) => name));
  });

  it('states the defaults of the service', () => {
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

/** In the order of the pages, because later commands read what earlier ones sent. CI has curl; other machines may not. */
describe('the commands in the documentation', () => {
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

  const scripts = pages.flatMap(({ page, text }) => {
    const blocks = [...text.matchAll(/^##+ (.+)$|^```sh\n([\s\S]*?)^```$/gm)];
    return blocks.flatMap(([, , script], i) => {
      const heading = blocks.slice(0, i).findLast(([, title]) => title)?.[1];
      return script ? [{ title: heading ? `${page}, ${heading}` : page, script }] : [];
    });
  });

  (hasCurl ? it : it.skip).each(scripts)('run as they are: $title', async ({ script }) => {
    const failing = 'curl() { command curl --silent --show-error --fail-with-body "$@" && echo; }';
    const { stdout } = await promisify(execFile)('bash', ['-euc', `${failing}\n${script}`], {
      cwd: folder,
      env: { PATH: process.env.PATH, STEWARD: app.url, KEY: app.key },
    });
    expect(stdout).not.toMatch(/"rejected":[1-9]/);
  });

  it('include the expected ones', () => {
    expect(scripts.length).toBeGreaterThan(12);
  });
});
