import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { importOrder } from './scripts/lint/import-order.mjs';
import { noCycle } from './scripts/lint/no-cycle.mjs';

const everywhere = [
  { selector: "Identifier[name='forwardRef']", message: 'Write to the outbox instead of reaching upward.' },
  { selector: 'ExportAllDeclaration', message: 'No barrel files.' },
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
    plugins: {
      'import-x': importX,
      steward: { rules: { 'import-order': importOrder, 'no-cycle': noCycle } },
    },
    rules: {
      'steward/import-order': 'error',
      'steward/no-cycle': 'error',
      'import-x/no-extraneous-dependencies': [
        'error',
        { devDependencies: ['src/openapi.ts', '**/*.spec.ts', 'test/**', 'bench/**', 'examples/**'] },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-restricted-syntax': ['error', ...everywhere],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/scoring/model/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^[^.]', message: 'Formulas are pure: they use no packages.' }] },
      ],
      'no-restricted-syntax': [
        'error',
        ...everywhere,
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
