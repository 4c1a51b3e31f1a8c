import { setTimeout as sleep } from 'node:timers/promises';

export interface ListedAccount {
  id: string;
  name: string | null;
  tier: string;
  status: string;
  csm: string | null;
  mrr: { amount: number; currency: string } | null;
  health: { score: number | null; band: string; confidence: number; change30d: number | null };
  churnRisk: { probability: number } | null;
  expectedLoss: { amount: number; currency: string } | null;
  topReasons: { text: string }[];
}

export interface ImportCounts {
  received: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  errors: { code: string; detail: string }[];
}

/** The part of a model version that the demo shows. */
export interface TrainedModel {
  version: number;
  report: {
    data: { accounts: number; days: number; happened: number };
    verdict: { text: string };
    decision: { basis: string; text: string };
    backtest: { pooled: Record<'fitted' | 'judgement', Figures> } | null;
  };
}

interface Figures {
  auc: number | null;
  liftAt10: number | null;
  observedToExpected: number | null;
}

interface Job {
  id: string;
  status: string;
  error: unknown;
}

/** Client of the public API. */
export class StewardClient {
  constructor(
    readonly url: string,
    private readonly key: string,
  ) {}

  importRecords(kind: string, records: readonly object[]): Promise<ImportCounts> {
    const body = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    return this.call('POST', `/v1/imports/${kind}`, body, 'application/x-ndjson');
  }

  /** When the account was created; undefined if it does not exist or has no `createdAt`. */
  async createdAt(id: string): Promise<string | undefined> {
    const response = await this.send('GET', `/v1/accounts/${id}`);
    if (response.status === 404) return undefined;
    return (await this.read<{ createdAt: string | null }>(response)).createdAt ?? undefined;
  }

  async score(days: { asOf: string } | { from: string; to: string; every: string }): Promise<void> {
    await this.finish('/v1/score-runs', JSON.stringify(days));
  }

  async train(key: string): Promise<TrainedModel> {
    const { version } = await this.finish<{ version: number }>(`/v1/models/${key}/trainings`);
    return this.call('GET', `/v1/models/${key}/${version}`);
  }

  /** Every account that is neither churned nor internal, highest expected loss first. */
  async listByExpectedLoss(): Promise<ListedAccount[]> {
    const accounts: ListedAccount[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const after: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
      const page: { items: ListedAccount[]; nextCursor: string | null } = await this.call(
        'GET',
        `/v1/accounts?sort=-expectedLoss&limit=100${after}`,
      );
      accounts.push(...page.items);
      cursor = page.nextCursor;
    }
    return accounts;
  }

  /** Starts a job and waits for it to finish. */
  private async finish<T>(path: string, body?: string): Promise<Job & T> {
    let job: Job & T = await this.call('POST', path, body);
    while (job.status === 'queued' || job.status === 'running') {
      await sleep(100);
      job = await this.call('GET', `${path}/${job.id}`);
    }
    if (job.status !== 'succeeded') throw new Error(`${path} ${job.status}: ${JSON.stringify(job.error)}`);
    return job;
  }

  private async call<T>(method: string, path: string, body?: string, type?: string): Promise<T> {
    return this.read(await this.send(method, path, body, type));
  }

  private send(method: string, path: string, body?: string, type = 'application/json'): Promise<Response> {
    const headers = { authorization: `Bearer ${this.key}`, 'content-type': type };
    return fetch(this.url + path, { method, headers, body });
  }

  private async read<T>(response: Response): Promise<T> {
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${response.url}: ${response.status} ${JSON.stringify(answer)}`);
    return answer as T;
  }
}
