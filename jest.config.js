/**
 * Projects by cost: unit beside the code and in test/unit, medium on a real PostgreSQL, e2e on the whole service, and proofs: what takes
 * long, such as kills under load, known ground and trainings at size. `npm test` runs all but the proofs.
 */
const base = {
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
      },
    ],
  },
  testEnvironment: 'node',
};

const withDatabase = {
  ...base,
  globalSetup: './test/support/global-setup.mjs',
  globalTeardown: './test/support/global-teardown.mjs',
};

export default {
  // One more than the two cores they are meant for: tests also wait for PostgreSQL, for processes they start, and for time to pass.
  maxWorkers: 3,
  // Each test file loads the application anew, and what it loaded stays in the worker.
  workerIdleMemoryLimit: '1GB',
  // Far above what any test takes: a busy machine must not fail them.
  testTimeout: 600_000,
  projects: [
    {
      ...base,
      displayName: 'unit',
      roots: ['<rootDir>/src', '<rootDir>/test/unit'],
      testMatch: ['**/*.spec.ts'],
    },
    { ...withDatabase, displayName: 'medium', roots: ['<rootDir>/test/medium'], testMatch: ['**/*.spec.ts'] },
    { ...withDatabase, displayName: 'e2e', roots: ['<rootDir>/test/e2e'], testMatch: ['**/*.spec.ts'] },
    { ...withDatabase, displayName: 'proofs', roots: ['<rootDir>/test/proofs'], testMatch: ['**/*.spec.ts'] },
  ],
};
