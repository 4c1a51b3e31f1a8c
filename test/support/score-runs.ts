import { client } from './client.js';
import type { TestApp } from './app.js';

/** Requests a run over the API and waits until it has succeeded. */
export async function scoreAsOf(app: TestApp, asOf: string): Promise<void> {
  const api = client(app);
  const { status, body } = await api.call('POST', '/v1/score-runs', { asOf });
  if (status !== 202) throw new Error(`the run was refused: ${JSON.stringify(body)}`);
  for (;;) {
    const { body: run } = await api.call('GET', `/v1/score-runs/${String(body['id'])}`);
    if (run['status'] === 'succeeded') return;
    if (run['status'] === 'failed') throw new Error(`the run failed: ${String(run['error'])}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
