import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Under root the database runs as `postgres`, who may not have access to root's TMPDIR. */
export const tempRoot = (): string => (process.getuid?.() === 0 ? '/var/tmp' : tmpdir());

export async function makeTempDir(prefix: string): Promise<string> {
  const dir = await mkdtemp(path.join(tempRoot(), prefix));
  await chmod(dir, 0o755);
  return dir;
}
