import { setTimeout as sleep } from 'node:timers/promises';

/** Talks to Steward over its public API; nothing else is needed than its address and a key. */
export function client(url, key) {
  const call = async (method, path, body, contentType = 'application/json') => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': contentType }),
      },
      body,
    });
    const answer = await response.json();
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${answer.code}: ${answer.detail}`);
    return answer;
  };

  async function* list(path) {
    for (let cursor = ''; cursor !== null;) {
      const join = path.includes('?') ? '&' : '?';
      const page = await call('GET', cursor ? `${path}${join}cursor=${encodeURIComponent(cursor)}` : path);
      yield* page.items;
      cursor = page.nextCursor;
    }
  }

  return {
    get: (path) => call('GET', path),
    list,
    importRecords: (kind, records) =>
      call(
        'POST',
        `/v1/imports/${kind}`,
        records.map((record) => `${JSON.stringify(record)}\n`).join(''),
        'application/x-ndjson',
      ),
    scoreAsOf: async (asOf) => {
      let run = await call('POST', '/v1/score-runs', JSON.stringify({ asOf }));
      while (run.status === 'queued' || run.status === 'running') {
        await sleep(200);
        run = await call('GET', `/v1/score-runs/${run.id}`);
      }
      if (run.status !== 'succeeded')
        throw new Error(`the score run ${run.status}: ${JSON.stringify(run.error)}`);
      return run;
    },
  };
}
