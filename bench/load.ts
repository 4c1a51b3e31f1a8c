import { Agent, request } from 'node:http';

/** Sends bodies over a fixed number of keep-alive connections, one request at a time on each. */
export class Load {
  private readonly agent: Agent;

  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string>,
    private readonly connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Returns the seconds taken. Throws on the first response that is not 200. */
  async send(bodies: readonly Buffer[]): Promise<number> {
    let next = 0;
    const start = process.hrtime.bigint();
    const worker = async (): Promise<void> => {
      for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await this.post(body);
    };
    await Promise.all(Array.from({ length: this.connections }, worker));
    return Number(process.hrtime.bigint() - start) / 1e9;
  }

  close(): void {
    this.agent.destroy();
  }

  private post(body: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      const sent = request(
        this.url,
        {
          agent: this.agent,
          method: 'POST',
          headers: { ...this.headers, 'content-type': 'application/json', 'content-length': body.length },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => (text += part));
          response.on('end', () => {
            if (response.statusCode === 200) resolve();
            else reject(new Error(`${response.statusCode}: ${text.slice(0, 500)}`));
          });
        },
      );
      sent.on('error', reject).end(body);
    });
  }
}
