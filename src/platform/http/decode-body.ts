import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { DomainError, type ProblemItem } from '../errors.js';
import { MIN_BYTES_PER_SECOND, type Patience } from './patience.js';

/** The body can be read no further. What came before has been handed on. */
export class BodyBrokeOff extends Error {
  constructor(readonly problem: ProblemItem) {
    super(problem.detail);
  }
}

export interface DecodeOptions {
  patience: Patience;
  /** As sent, before it is unpacked. */
  maxPackedBytes?: number;
  /** Ends the reading with its reason, a `BodyBrokeOff`. */
  signal?: AbortSignal;
}

const decoders = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * The unpacked bytes of a request's body, a piece at a time and only as fast as they are taken. Unpacking runs on another thread.
 *
 * When the reader stops early, the rest is read and thrown away rather than the connection cut, so that the sender
 * gets to see the answer.
 *
 * @throws DomainError 415 at once for an unknown encoding; BodyBrokeOff while reading
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
      const asked = performance.now();
      const next = await withinPatience(chunks.next(), patience, signal);
      if (next.done) return;
      size += next.value.length;
      if (size > maxPackedBytes) throw new BodyBrokeOff(tooManyBytes(maxPackedBytes));
      patience.waited(performance.now() - asked, next.value.length);
      yield next.value;
    }
  } catch (error) {
    throw error instanceof BodyBrokeOff ? error : new BodyBrokeOff(connectionLost);
  } finally {
    // Not awaited: it comes after a piece that may still be waited for, from a sender that is silent.
    void chunks.return(undefined).then(() => stream.on('error', () => undefined).resume());
  }
}

async function withinPatience<T>(
  next: Promise<T>,
  { leftMs, maxMs }: Patience,
  signal: AbortSignal | undefined,
): Promise<T> {
  // It may fail after it has been given up.
  next.catch(() => undefined);
  let stop = (): void => undefined;
  const givenUp = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal?.reason as Error);
    const timeout = setTimeout(() => reject(new BodyBrokeOff(senderTooSlow(maxMs))), leftMs);
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

const senderTooSlow = (maxMs: number): ProblemItem => ({
  code: 'sender_too_slow',
  detail: `The body arrived too slowly: pauses must not exceed ${maxMs / 1_000} s, and the average must be at least ${MIN_BYTES_PER_SECOND} bytes per second`,
});

async function* decoded(
  body: AsyncIterable<Buffer>,
  decoder: Transform,
  encoding: string,
): AsyncGenerator<Buffer> {
  let lost: unknown;
  // The decoder is ended when the connection is lost, so that all it was given comes out before the loss is told.
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
    if (!lost) throw new BodyBrokeOff(problemOf(error, encoding));
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

/** All chunks, also those that wait in the buffer of a stream that has failed meanwhile: its own iterator drops them. */
async function* remaining(stream: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch (error) {
    for (let chunk = stream.read() as Buffer | null; chunk !== null; chunk = stream.read() as Buffer | null)
      yield chunk;
    throw error;
  }
}
