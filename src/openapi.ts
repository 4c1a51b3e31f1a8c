import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { AppModule } from './app.module.js';
import { describeApi } from './platform/openapi/describe-api.js';

const FILE = 'openapi.yaml';

/** Writes openapi.yaml, or with `--check` fails when it is not what the code says. Needs the built code, and no database. */
const expected = stringify(await describeApi(AppModule), { lineWidth: 0, aliasDuplicateObjects: false });
if (process.argv.includes('--check')) {
  const actual = await readFile(FILE, 'utf8').catch(() => '');
  if (actual !== expected) {
    process.stderr.write(`${FILE} does not match the code. Run npm run openapi and commit it.\n`);
    process.exitCode = 1;
  }
} else {
  await writeFile(FILE, expected);
}
