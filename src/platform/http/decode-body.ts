import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { DomainError, type ProblemItem } from '../errors.js';
import { MIN_BYTES_PER_SECOND, type Patience } from './patience.js';

/** The rest of the body cannot be read. Everything before it has been delivered. */
export class BodyAborted extends Error {
  constructor(readonly problem: ProblemItem) {
    super(problem.detail);
  }
}

export interface DecodeOptions {
  patience: Patience;
  /** Limit before decompression. */
  maxPackedBytes?: number;
  /** Aborts reading with its reason, a `BodyAborted`. */
  signal?: AbortSignal;
}

const decoders = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * Yields a request's decompressed body with backpressure. Decompression runs on another thread.
 *
 * If the reader stops early, the rest is discarded instead of closing the connection, so that the client can read the response.
 *
 * @throws DomainError 415 at once for an unknown encoding; BodyAborted while reading
 */
export function decodeBody(
  stream: Readable,
  contentEncoding: string | undefined,
  options: DecodeOptions,
): AsyncIterable<Uint8Array> {
  const encoding = (contentEncoding ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return received(stream, options);
  const decoder = decoders.get(encoding);
  if (!decoder)
    throw new DomainError(
      'unsupported_encoding',
      415,
      'The content encoding must be gzip, deflate, br or identity',
    );
  return decoded(received(stream, options), decoder(), encoding);
}

async function* received(
  stream: Readable,
  { patience, maxPackedBytes = Infinity, signal }: DecodeOptions,
): AsyncGenerator<Buffer> {
  const chunks = remaining(stream);
  let size = 0;
  try {
    for (;;) {
      const startedAt = performance.now();
      const next = await withinTimeLimit(chunks.next(), patience, signal);
      if (next.done) return;
      size += next.value.length;
      if (size > maxPackedBytes) throw new BodyAborted(tooManyBytes(maxPackedBytes));
      patience.waited(performance.now() - startedAt, next.value.length);
      yield next.value;
    }
  } catch (error) {
    throw error instanceof BodyAborted ? error : new BodyAborted(connectionLost);
  } finally {
    // Not awaited: it would wait for a pending read from a silent sender.
    void chunks.return(undefined).then(() => stream.on('error', () => undefined).resume());
  }
}

async function withinTimeLimit<T>(
  next: Promise<T>,
  patience: Patience,
  signal: AbortSignal | undefined,
): Promise<T> {
  // It may reject after the timeout.
  next.catch(() => undefined);
  let stop = (): void => undefined;
  const givenUp = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal?.reason as Error);
    const timeout = setTimeout(() => reject(new BodyAborted(senderTooSlow(patience))), patience.leftMs);
    stop = () => {
      clearTimeout(timeout);
      signal?.removeEventListener('abort', abort);
    };
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort);
  });
  return Promise.race([next, givenUp]).finally(stop);
}

const connectionLost: ProblemItem = {
  code: 'connection_lost',
  detail: 'The connection was closed before the end of the body',
};

const tooManyBytes = (max: number): ProblemItem => ({
  code: 'payload_too_large',
  detail: `The body is larger than ${max / 1024 / 1024} MB as sent`,
});

function senderTooSlow({ maxMs, wholeMs }: Patience): ProblemItem {
  const pauses = `pauses must not exceed ${maxMs / 1_000} s`;
  const rate = `the average must be at least ${MIN_BYTES_PER_SECOND} bytes per second`;
  const whole = wholeMs === Infinity ? '' : `, and all of it must arrive within ${wholeMs / 1_000} s`;
  return {
    code: 'sender_too_slow',
    detail: `The body arrived too slowly: ${pauses}, ${rate}${whole}`,
  };
}

async function* decoded(
  body: AsyncIterable<Buffer>,
  decoder: Transform,
  encoding: string,
): AsyncGenerator<Buffer> {
  let lost: unknown;
  // End the decoder when the connection is lost, so that it delivers everything received before the error is reported.
  const source = async function* () {
    try {
      yield* body;
    } catch (error) {
      lost = error;
    }
  };
  pipeline(source, decoder, () => undefined);
  try {
    yield* remaining(decoder);
  } catch (error) {
    if (!lost) throw new BodyAborted(problemOf(error, encoding));
  } finally {
    decoder.destroy();
  }
  if (lost instanceof Error) throw lost;
}

function problemOf(error: unknown, encoding: string): ProblemItem {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'Z_BUF_ERROR')
    return { code: 'truncated_encoding', detail: `The ${encoding} body is truncated` };
  return { code: 'corrupt_encoding', detail: `The body is not valid ${encoding}` };
}

/** Yields all chunks, including those still buffered when the stream fails; the built-in iterator drops them. */
async function* remaining(stream: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch (error) {
    for (let chunk = stream.read() as Buffer | null; chunk !== null; chunk = stream.read() as Buffer | null)
      yield chunk;
    throw error;
  }
}
