import { spawn } from 'node:child_process';
import { json } from 'node:stream/consumers';

const imports = (source: string): string => `import { x } from '${source}';\n\nexport const y = x;\n`;
const MODEL = 'src/scoring/model';
const CYCLE = `Import cycle: ${MODEL}/logit.ts → ${MODEL}/metrics.ts → ${MODEL}/logit.ts`;
const fastCheck = "import fc from 'fast-check';\n\nexport const a = fc;\n";

const PLANTED: [file: string, source: string, message: string | null][] = [
  [`${MODEL}/formula.ts`, imports('express'), 'Formulas are pure: they use no packages.'],
  [`${MODEL}/row.ts`, imports('../../platform/days.js'), 'scoring/model must not import platform'],
  ['src/portfolio/list/a.ts', imports('../../jobs/schedule.js'), 'portfolio must not import jobs'],
  ['src/portfolio/list/a.ts', imports('../../webhooks/endpoint.js'), 'portfolio must not import webhooks'],
  ['src/portfolio/list/a.ts', imports('../../insights/revenue.js'), null],
  ['src/insights/a.ts', imports('../portfolio/list/b.js'), 'insights must not import portfolio'],
  ['src/people/a.ts', imports('../accounts/accounts.module.js'), 'people must not import accounts'],
  ['src/people/a.ts', imports('../platform/days.js'), null],
  ['src/crm/a.ts', imports('../intake/intake.module.js'), 'crm must not import intake'],
  ['src/crm/a.ts', imports('../segments/membership.js'), null],
  ['src/jobs/a.ts', imports('../crm/sync.js'), null],
  ['src/platform/a.ts', imports('../app.module.js'), 'platform must not import app.module.ts'],
  ['src/accounts/a.ts', imports('../demo/main.js'), 'accounts must not import demo'],
  [
    'src/scoring/features/a.ts',
    imports('../runs/runner.js'),
    'scoring/features must not import scoring/runs',
  ],
  ['src/scoring/training/a.ts', imports('../proof/a.js'), 'scoring/training must not import scoring/proof'],
  ['src/scoring/runs/a.ts', imports('../scores/list-item.js'), null],
  ['src/scoring/runs/a.spec.ts', imports('../proof/a.js'), null],
  ['src/scoring/new/a.ts', imports('../model/logit.js'), 'src/scoring/new is not listed in'],
  ['src/new/a.ts', 'export const a = 1;\n', 'src/new is not listed in'],
  ['test/support/a.ts', imports('../../src/jobs/schedule.js'), null],

  [`${MODEL}/logit.ts`, "import { auc } from './metrics.js';\n\nexport const a = auc;\n", CYCLE],
  [
    `${MODEL}/logit.ts`,
    "import {\n  type Bin,\n  auc,\n} from './metrics.js';\n\nexport const a = auc as Bin;\n",
    CYCLE,
  ],
  [`${MODEL}/logit.ts`, "export { auc } from './metrics.js';\n", CYCLE],
  [`${MODEL}/logit.ts`, "import './metrics.js';\n", CYCLE],
  [`${MODEL}/logit.ts`, "import type { Bin } from './metrics.js';\n\nexport const a = 1 as Bin;\n", null],
  [`${MODEL}/logit.ts`, "import { type Bin } from './metrics.js';\n\nexport const a = 1 as Bin;\n", null],
  [`${MODEL}/new.ts`, "import { auc } from './metrics.js';\n\nexport const a = auc;\n", null],

  [`${MODEL}/all.ts`, "export * from './metrics.js';\n", 'No barrel files.'],
  ['src/jobs/a.ts', 'export const a = forwardRef;\n', 'Write to the outbox instead of reaching upward.'],
  ['src/jobs/a.ts', fastCheck, 'not devDependencies'],
  ['src/jobs/a.spec.ts', fastCheck, null],
];

describe('the lint rules', () => {
  let found: string[][];
  beforeAll(async () => {
    const child = spawn(process.execPath, ['scripts/lint/lint-text.mjs'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end(JSON.stringify(PLANTED));
    found = (await json(child.stdout)) as string[][];
  });

  it.each(PLANTED.map((planted, index) => [...planted, index] as const))(
    'judge %s: %j: %p',
    (_, _source, message, index) => {
      expect(found[index]).toEqual(message === null ? [] : [expect.stringContaining(message)]);
    },
  );
});
