import { setTimeout as sleep } from 'node:timers/promises';

/** Client of Steward's public API. */
export function client(url, key) {
  const call = async (method, path, { body, contentType = 'application/json', replaces } = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': contentType }),
        ...(replaces === undefined ? {} : { 'if-match': `"${replaces}"` }),
      },
      body,
    });
    const answer = response.status === 204 ? null : await response.json();
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
    /** `replaces`: the version the caller has read, so that changes by others are not overwritten. */
    put: (path, body, replaces) => call('PUT', path, { body: JSON.stringify(body), replaces }),
    remove: (path, replaces) => call('DELETE', path, { replaces }),
    importRecords: (kind, records) =>
      call('POST', `/v1/imports/${kind}`, {
        body: records.map((record) => `${JSON.stringify(record)}\n`).join(''),
        contentType: 'application/x-ndjson',
      }),
    /** Resolves when the run has ended; `onDay` is called for each day it starts. */
    score: async (days, onDay) => {
      let run = await call('POST', '/v1/score-runs', { body: JSON.stringify(days) });
      let day = null;
      while (run.status === 'queued' || run.status === 'running') {
        if (run.startedAt && run.asOf !== day) onDay(run);
        if (run.startedAt) day = run.asOf;
        await sleep(200);
        run = await call('GET', `/v1/score-runs/${run.id}`);
      }
      if (run.status !== 'succeeded')
        throw new Error(`Score run ${run.status}: ${JSON.stringify(run.error)}`);
      return run;
    },
  };
}
