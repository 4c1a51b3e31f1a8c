import { loadSettings, type Settings } from '../settings.js';
import { OperatorError } from './operator-error.js';

/** Runs a CLI command. Messages go to stderr; errors the operator can act on are printed without a stack. */
export async function runCommand(
  usage: string,
  work: (file: string, settings: Settings, log: (line: string) => void) => Promise<string>,
): Promise<void> {
  const [file, ...more] = process.argv.slice(2);
  if (file === undefined || more.length > 0) {
    console.error(`usage: ${usage}`);
    process.exitCode = 2;
    return;
  }
  try {
    const log = (line: string) => console.error(line);
    console.log(await work(file, loadSettings(process.env), log));
  } catch (error) {
    console.error(error instanceof OperatorError ? error.message : error);
    process.exitCode = 1;
  }
}
