import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Imports run one way: each folder may use itself and what stands to its right. `webhooks` needs `platform` alone. */
const order = ['jobs', 'portfolio', 'outreach', 'segments', 'scoring', 'intake', 'accounts', 'platform'];
const roots = ['main.ts', 'app.module.ts', 'openapi.ts'];
const forbid = (target, from) => ({
  target: `./src/${target}`,
  from: `./src/${from}`,
  message: `${target} must not import ${from}`,
});

const zones = [
  ...order.flatMap((target, i) => order.slice(0, i).map((from) => forbid(target, from))),
  ...order.slice(0, -1).map((from) => forbid('webhooks', from)),
  ...order.map((target) => forbid(target, 'webhooks')),
  ...[...order, 'webhooks'].map((target) => forbid(target, 'demo')),
  ...[...order, 'webhooks'].flatMap((target) => roots.map((from) => forbid(target, from))),
  // The formulas stay pure: no Nest, no TypeORM, no database, no clock.
  ...['features', 'runs', 'scorecards'].map((from) => forbid('scoring/model', `scoring/${from}`)),
  forbid('scoring/model', 'platform'),
  forbid('scoring/model', 'accounts'),
  forbid('scoring/model', 'intake'),
];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '.steward', 'coverage'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    ...tseslint.configs.disableTypeChecked,
    files: ['**/*.js', '**/*.mjs'],
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.json' })],
      // Without these no-cycle does not look into TypeScript.
      'import-x/extensions': ['.ts', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-extraneous-dependencies': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: "Identifier[name='forwardRef']",
          message: 'Write to the outbox instead of reaching upward.',
        },
        { selector: 'ExportAllDeclaration', message: 'No barrel files.' },
      ],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/scoring/model/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['@nestjs/*', 'typeorm', 'pg', 'node:*'] }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Formulas take time as an argument.',
        },
        {
          selector: "MemberExpression[object.name='Date'][property.name='now']",
          message: 'Formulas take time as an argument.',
        },
        {
          selector: "MemberExpression[object.name='Math'][property.name='random']",
          message: 'Formulas take a seeded generator.',
        },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
