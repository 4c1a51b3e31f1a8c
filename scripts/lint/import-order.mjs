import path from 'node:path';

/**
 * What each folder of src may import from, beside itself. A new folder has to be entered here.
 * `scoring` is a house of its own: see SCORING.
 */
const FOLDERS = {
  platform: [],
  accounts: ['platform'],
  people: ['platform'],
  webhooks: ['platform'],
  console: ['platform'],
  intake: ['accounts', 'platform'],
  scoring: ['intake', 'accounts', 'platform'],
  segments: ['scoring', 'intake', 'accounts', 'platform'],
  outreach: ['segments', 'scoring', 'intake', 'accounts', 'platform'],
  insights: ['outreach', 'segments', 'scoring', 'intake', 'accounts', 'platform'],
  portfolio: ['insights', 'outreach', 'segments', 'scoring', 'intake', 'accounts', 'platform'],
  crm: ['scoring', 'segments', 'accounts', 'platform'],
  jobs: [
    'webhooks',
    'crm',
    'portfolio',
    'insights',
    'outreach',
    'segments',
    'scoring',
    'intake',
    'accounts',
    'platform',
  ],
  // Programs of their own, which nothing imports.
  demo: ['app.module.ts', 'intake', 'platform'],
  evaluate: ['intake', 'scoring', 'platform'],
};

/** Each folder of scoring may import from those before it. */
const SCORING = [
  'model',
  'features',
  'queue',
  'scores',
  'overrides',
  'history',
  'models',
  'scorecards',
  'runs',
  'training',
  'proof',
];
/** Formulas know nothing of where their numbers are stored. */
const MODEL = 'scoring/model';

/** Files directly in src; main.ts and openapi.ts only start what app.module.ts puts together. */
const ROOTS = {
  'app.module.ts': Object.keys(FOLDERS),
  'main.ts': ['app.module.ts', 'platform'],
  'openapi.ts': ['app.module.ts', 'platform'],
};

/**
 * @param {string} file
 * @param {string} imported
 * @returns {string | null} why the file may not be where it is or import the other, or null; both are paths below src with slashes
 */
export function problemOf(file, imported) {
  const from = file.split('/');
  const to = imported.replace(/\.js$/, '.ts').split('/');
  const allowed = from.length === 1 ? ROOTS[from[0]] : FOLDERS[from[0]];
  if (!allowed) return `src/${from[0]} is not listed in scripts/lint/import-order.mjs`;
  if (from[0] === to[0]) return from[0] === 'scoring' ? scoringProblem(from, to) : null;
  const isAllowed = allowed.includes(to[0]) && !file.startsWith(`${MODEL}/`);
  return isAllowed ? null : `${file.startsWith(`${MODEL}/`) ? MODEL : from[0]} must not import ${to[0]}`;
}

function scoringProblem(from, to) {
  // Files directly in scoring put the folders together, or are small enough for all to share.
  if (from.length === 2) return null;
  // A test may make its input with what is built on top.
  if (from.at(-1).endsWith('.spec.ts')) return null;
  if (to.length === 2) return to[1] === 'scoring.module.ts' ? 'scoring.module.ts is for app.module.ts' : null;
  const [of, other] = [SCORING.indexOf(from[1]), SCORING.indexOf(to[1])];
  if (of === -1) return `src/scoring/${from[1]} is not listed in scripts/lint/import-order.mjs`;
  return other <= of && other !== -1 ? null : `scoring/${from[1]} must not import scoring/${to[1]}`;
}

export const importOrder = {
  meta: { type: 'problem', schema: [], messages: { problem: '{{problem}}' } },
  create(context) {
    const src = path.join(context.cwd, 'src');
    const file = path.relative(src, context.filename);
    if (file.startsWith('..') || path.isAbsolute(file)) return {};
    const name = file.split(path.sep).join('/');
    const report = (node, problem) =>
      problem && context.report({ node, messageId: 'problem', data: { problem } });
    const misplaced = problemOf(name, name);
    if (misplaced) return { Program: (node) => report(node, misplaced) };
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string' || !source.startsWith('.')) return;
      const target = path
        .relative(src, path.resolve(path.dirname(context.filename), source))
        .split(path.sep)
        .join('/');
      // Tests share test/support; the data source lists the migrations.
      if (!target.startsWith('..')) report(node, problemOf(name, target));
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
