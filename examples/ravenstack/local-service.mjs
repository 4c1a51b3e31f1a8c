import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const START_MS = 120_000;

/** Starts the built service on a free port with a temporary data folder, which `stop` removes. */
export async function startService(env) {
  // Under root the embedded PostgreSQL runs as another user, who needs access to the folder.
  const dataDir = await mkdtemp(
    path.join(process.getuid?.() === 0 ? '/var/tmp' : tmpdir(), 'steward-example-'),
  );
  await chmod(dataDir, 0o755);
  const port = await freePort();
  const key = 'ravenstack-example';
  const service = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      LOG_LEVEL: 'error',
      ...env,
      DATABASE_URL: '',
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: dataDir,
      BOOTSTRAP_API_KEY: key,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = once(service, 'exit');
  const stop = async () => {
    service.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await ready(url, service);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, key, stop };
}

async function ready(url, service) {
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; await sleep(100)) {
    if (service.exitCode !== null)
      throw new Error('The service exited while starting. Run npm run build first');
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
  }
  throw new Error('The service was not ready in time');
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
