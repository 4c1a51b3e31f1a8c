import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from './service.js';

/**
 * Requests the first page of the list over several connections until stopped. `pauseMs`: pause between a response and the next request of a
 * connection.
 */
export class ListReaders {
  private readonly agent: Agent;
  private times: number[] = [];
  private stopped = false;
  private readonly readers: Promise<void>[];

  constructor(
    private readonly service: Service,
    connections: number,
    private readonly pauseMs = 0,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
    this.readers = Array.from({ length: connections }, () => this.read());
  }

  /** Median latency in milliseconds since the last call; NaN without requests. */
  p50(): number {
    const times = this.times;
    this.times = [];
    return times.toSorted((a, b) => a - b)[times.length >> 1] ?? NaN;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.readers);
    this.agent.destroy();
  }

  private async read(): Promise<void> {
    while (!this.stopped) {
      const start = process.hrtime.bigint();
      await this.request();
      this.times.push(Number(process.hrtime.bigint() - start) / 1e6);
      if (this.pauseMs > 0) await sleep(this.pauseMs);
    }
  }

  private request(): Promise<void> {
    const { url, key } = this.service;
    const headers = { authorization: `Bearer ${key}` };
    return new Promise((resolve, reject) => {
      get(`${url}/v1/accounts?limit=25`, { agent: this.agent, headers }, (response) => {
        response.resume().on('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`GET /v1/accounts returned ${response.statusCode}`));
        });
      }).on('error', reject);
    });
  }
}
