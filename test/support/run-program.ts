import { execFile } from 'node:child_process';

export interface Ran {
  code: unknown;
  stdout: string;
  stderr: string;
}

/** Runs a built program with only PATH in its environment. */
export const run = (program: string, ...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH };
    execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
