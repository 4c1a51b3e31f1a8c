import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from './service.js';

/** Scores all accounts as of now. Returns the seconds from the start of the run to its end. */
export async function scoreAll({ url, key }: Service): Promise<number> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}/v1/score-runs`, { method: 'POST', headers, body: '{}' });
  const { id } = (await response.json()) as { id: string };
  for (;;) {
    const answer = await fetch(`${url}/v1/score-runs/${id}`, { headers });
    const { status, startedAt, finishedAt, error } = (await answer.json()) as Record<string, string>;
    if (status === 'failed') throw new Error(error);
    if (status === 'succeeded') return (Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '')) / 1_000;
    await sleep(100);
  }
}
