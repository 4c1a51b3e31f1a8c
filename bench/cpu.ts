import { readdir, readFile } from 'node:fs/promises';

const TICKS_PER_SECOND = 100;

async function stat(pid: number): Promise<{ parent: number; seconds: number } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), seconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND };
}

/** CPU seconds used so far by a process and its direct children (a postmaster and its backends). */
export async function cpuSeconds(pid: number): Promise<number> {
  let sum = 0;
  for (const name of await readdir('/proc')) {
    const process = /^\d+$/.test(name) ? await stat(Number(name)) : undefined;
    if (process && (Number(name) === pid || process.parent === pid)) sum += process.seconds;
  }
  return sum;
}
