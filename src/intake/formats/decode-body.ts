import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { DomainError } from '../../platform/errors.js';
import { type Problem } from './item.js';

const IDLE_MS = 2 * 60_000;

/** The body can be read no further. What came before has been handed on. */
export class BodyBrokeOff extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

const decoders = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * The unpacked bytes of a request's body, a piece at a time and only as fast as they are taken.
 *
 * When the reader stops early, the rest is read and thrown away rather than the connection cut, so that the sender
 * gets to see the answer.
 *
 * A sender may be slow, but not silent for `idleMs`: then its connection is closed, as nothing else would end it.
 *
 * @throws DomainError 415 at once for an unknown encoding; BodyBrokeOff while reading
 */
export function decodeBody(
  stream: Readable,
  contentEncoding: string | undefined,
  idleMs = IDLE_MS,
): AsyncIterable<Uint8Array> {
  const encoding = (contentEncoding ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return received(stream, idleMs);
  const decoder = decoders.get(encoding);
  if (!decoder)
    throw new DomainError(
      'unsupported_media_type',
      415,
      'The content encoding must be gzip, deflate, br or identity.',
    );
  return decoded(received(stream, idleMs), decoder(), encoding);
}

async function* received(stream: Readable, idleMs: number): AsyncGenerator<Buffer> {
  const chunks = remaining(stream);
  let silent = false;
  try {
    for (;;) {
      // Runs only while the sender is waited for, not while the reader takes its time.
      const timeout = setTimeout(() => {
        silent = true;
        stream.destroy();
      }, idleMs);
      const next = await chunks.next().finally(() => clearTimeout(timeout));
      if (next.done) return;
      yield next.value;
    }
  } catch {
    throw new BodyBrokeOff(silent ? senderIdle(idleMs) : connectionLost);
  } finally {
    await chunks.return(undefined);
    stream.on('error', () => undefined).resume();
  }
}

const connectionLost: Problem = {
  code: 'connection_lost',
  detail: 'The connection broke off before the end of the body.',
};

const senderIdle = (idleMs: number): Problem => ({
  code: 'sender_idle',
  detail: `The connection was closed: nothing came for ${idleMs / 1000} seconds.`,
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

function problemOf(error: unknown, encoding: string): Problem {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'Z_BUF_ERROR')
    return { code: 'truncated_encoding', detail: `The ${encoding} body ends too early.` };
  return { code: 'corrupt_encoding', detail: `The body is not valid ${encoding}.` };
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
