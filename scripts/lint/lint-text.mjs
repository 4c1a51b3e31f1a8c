import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

/** For a test: lints the sources of stdin, [[path, source]], by the project's rules but without types, and writes the messages of each. */
const eslint = new ESLint({ overrideConfig: { files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked } });
const found = [];
for (const [filePath, source] of JSON.parse(await text(process.stdin))) {
  const [result] = await eslint.lintText(source, { filePath });
  found.push(result?.messages.map(({ message }) => message) ?? []);
}
process.stdout.write(JSON.stringify(found));
