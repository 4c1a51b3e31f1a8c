import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import { type AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { decodeBody as decode } from '../../platform/http/decode-body.js';
import { Patience } from '../../platform/http/patience.js';
import { type Item } from './item.js';
import { readItems } from './read-items.js';

const decodeBody = (stream: Readable, encoding: string | undefined, maxPauseMs = 30_000) =>
  decode(stream, encoding, { patience: new Patience(maxPauseMs) });
const lines = (count: number) => Array.from({ length: count }, (_, i) => `{"a":${i}}\n`).join('');
const pieces = (bytes: Buffer, size = 1000) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    ),
  );

async function collect(stream: Readable, encoding: string | undefined): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of readItems(decodeBody(stream, encoding), 'ndjson', { maxItemBytes: 1000 }))
    items.push(item);
  return items;
}

describe(decode.name, () => {
  it.each([
    ['gzip', gzipSync],
    ['X-Gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['identity', Buffer.from],
    [undefined, Buffer.from],
  ])('unpacks %s', async (encoding, pack) => {
    const items = await collect(pieces(Buffer.from(pack(Buffer.from(lines(5000))))), encoding);
    expect(items).toHaveLength(5001);
    expect(items.at(-1)).toEqual({ line: 5001, complete: true });
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('gives what came before the end of a truncated %s body', async (encoding, pack) => {
    const noise = Array.from({ length: 20_000 }, (_, i) => `{"a":${Math.imul(i, 2654435761)}}\n`).join('');
    const packed = pack(Buffer.from(noise));
    const items = await collect(pieces(packed.subarray(0, packed.length - 4000)), encoding);
    expect(items.length).toBeGreaterThan(12_000);
    expect(items.at(-1)).toMatchObject({
      line: items.length,
      complete: false,
      brokeOff: { code: 'truncated_encoding' },
    });
  });

  it.each(['gzip', 'deflate', 'br'])('says that a body is not %s', async (encoding) => {
    const items = await collect(pieces(Buffer.alloc(100_000, '{"a":1}\n')), encoding);
    expect(items).toEqual([
      { line: 1, complete: false, brokeOff: { code: 'corrupt_encoding', detail: expect.any(String) } },
    ]);
  });

  it('breaks off in the middle of a body that is damaged there', async () => {
    const packed = gzipSync(Buffer.from(lines(5000)));
    packed.fill(0xff, packed.length / 2, packed.length / 2 + 200);
    expect((await collect(pieces(packed, 500), 'gzip')).at(-1)).toMatchObject({
      complete: false,
      brokeOff: { code: 'corrupt_encoding' },
    });
  });

  it('gives what waits in the buffer of a stream that has failed', async () => {
    const stream = new PassThrough();
    stream.write(lines(3));
    stream.on('error', () => undefined).destroy(new Error('reset'));
    expect(await collect(stream, undefined)).toEqual([
      { line: 1, value: { a: 0 }, bytes: 7 },
      { line: 2, value: { a: 1 }, bytes: 7 },
      { line: 3, value: { a: 2 }, bytes: 7 },
      { line: 4, complete: false, brokeOff: { code: 'connection_lost', detail: expect.any(String) } },
    ]);
  });

  it.each(['zstd', 'gzip, gzip'])('refuses %s', (encoding) => {
    expect(() => decodeBody(Readable.from([]), encoding)).toThrow('The content encoding must be');
  });

  it('streams a gzip bomb without holding it', async () => {
    const bomb = gzipSync(Buffer.alloc(300_000_000, ' '), { level: 9 });
    global.gc?.();
    const before = process.memoryUsage().rss;
    const items = await collect(pieces(bomb, 65_536), 'gzip');
    expect(items).toEqual([
      { line: 1, problem: { code: 'too_large', detail: expect.any(String) } },
      { line: 2, complete: true },
    ]);
    expect(process.memoryUsage().rss - before).toBeLessThan(120_000_000);
  });
});

describe('a sender that is slow', () => {
  it.each([undefined, 'gzip'])(
    'is given up when it falls silent, and what had come before is kept (%s)',
    async (encoding) => {
      const stream = new PassThrough();
      const whole = Buffer.from(lines(50_000));
      stream.write(encoding ? gzipSync(whole).subarray(0, 60_000) : whole.subarray(0, 1_000));
      const items: Item[] = [];
      const body = decodeBody(stream, encoding, 200);
      for await (const item of readItems(body, 'ndjson', { maxItemBytes: 1000 })) items.push(item);
      expect(items.length).toBeGreaterThan(80);
      expect(items.at(-1)).toMatchObject({ complete: false, brokeOff: { code: 'sender_too_slow' } });
    },
  );

  it('is given up when it only drips, though it is never silent', async () => {
    const stream = new PassThrough();
    const dripping = setInterval(() => stream.write('x'), 20);
    const items: Item[] = [];
    for await (const item of readItems(decodeBody(stream, undefined, 300), 'ndjson', { maxItemBytes: 1000 }))
      items.push(item);
    clearInterval(dripping);
    expect(items).toMatchObject([{ line: 1, complete: false, brokeOff: { code: 'sender_too_slow' } }]);
  });

  it('is not given up while it sends fast enough on the whole, nor while the reader takes its time', async () => {
    const stream = new PassThrough();
    void (async () => {
      for await (const piece of pieces(Buffer.from(lines(300)), 1_000)) {
        stream.write(piece);
        await setTimeout(100);
      }
      stream.end();
    })();
    const items: Item[] = [];
    for await (const item of readItems(decodeBody(stream, undefined, 300), 'ndjson', {
      maxItemBytes: 1000,
    })) {
      items.push(item);
      if (items.length === 1) await setTimeout(500);
    }
    expect(items).toHaveLength(301);
    expect(items.at(-1)).toMatchObject({ complete: true });
  });
});

describe('a body over HTTP', () => {
  /** Sends a body to a server that reads it; the server answers what it read. */
  async function sent(send: (to: ReturnType<typeof request>) => void, encoding?: string, take = Infinity) {
    const read: Item[] = [];
    let finished: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (finished = resolve));
    const server = createServer((req, res) => {
      void (async () => {
        for await (const item of readItems(decodeBody(req, encoding), 'ndjson', { maxItemBytes: 1000 }))
          if (read.push(item) >= take) break;
        res.end('answered');
        finished();
      })();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = request({
      port: (server.address() as AddressInfo).port,
      host: '127.0.0.1',
      method: 'POST',
    });
    const answer = once(client, 'response').then(
      ([response]) => (response as IncomingMessage).resume().statusCode,
      () => 'no answer',
    );
    client.on('error', () => undefined);
    const finish = new Promise<boolean>((resolve) =>
      client.on('close', () => resolve(client.writableFinished)),
    );
    send(client);
    await done;
    const status = await answer;
    const uploaded = await Promise.race([finish, setTimeout(2000, false, { ref: false })]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    return { read, status, uploaded };
  }

  it.each([undefined, 'gzip'])(
    'answers a sender whose body was not read to the end (%s)',
    async (encoding) => {
      const body = Buffer.from(lines(400_000));
      const { read, status } = await sent(
        (client) => client.end(encoding ? gzipSync(body) : body),
        encoding,
        3,
      );
      expect(read).toHaveLength(3);
      expect(status).toBe(200);
    },
  );

  it('lets a sender finish who looks for the answer only then', async () => {
    const { uploaded } = await sent(
      (client) => client.end(Buffer.alloc(16_000_000, '{"a":1}\n')),
      undefined,
      3,
    );
    expect(uploaded).toBe(true);
  });

  it('says that the connection was lost, after all that had come', async () => {
    const { read } = await sent((client) => {
      client.write(`${lines(2000)}{"a"`);
      void setTimeout(100).then(() => client.destroy());
    });
    expect(read).toHaveLength(2001);
    expect(read.at(-1)).toMatchObject({ line: 2001, complete: false, brokeOff: { code: 'connection_lost' } });
  });

  it('tells the loss of the connection from a truncated gzip', async () => {
    const { read } = await sent((client) => {
      client.write(gzipSync(Buffer.from(lines(50_000))).subarray(0, 60_000));
      void setTimeout(100).then(() => client.destroy());
    }, 'gzip');
    expect(read.length).toBeGreaterThan(1000);
    expect(read.at(-1)).toMatchObject({ complete: false, brokeOff: { code: 'connection_lost' } });
  });
});
