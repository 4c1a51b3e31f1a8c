import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError } from '../errors.js';
import { Admission, type Slot, UNKNOWN_BYTES } from './admission.js';
import type { BodyRules } from './body-rules.js';
import { BodyTimes } from './body-times.js';
import { BodyAborted, decodeBody } from './decode-body.js';
import { hasBody } from './has-body.js';
import { parseJsonBody } from './parse-json-body.js';
import { Patience } from './patience.js';
import { scanJson } from './scan-json.js';

/** Limit for a body that must be read before its sender is known. Clients that send their key in the body send up to 500 KB. */
const MAX_UNKNOWN_SENDER_BYTES = 1024 * 1024;

const JSON_TYPE = /^application\/([\w.-]+\+)?json$/i;

/** A body and the room it takes. */
interface ReadBody {
  readonly bytes: Buffer;
  readonly slot: Slot;
}

/** Reads request bodies within the process's memory limits. Errors never repeat what was sent. */
@Injectable()
export class RequestBodies {
  /** Read to find the sender's key. */
  private readonly early = new WeakMap<Request, ReadBody>();

  constructor(
    private readonly admission: Admission,
    private readonly times: BodyTimes,
  ) {}

  /**
   * Returns the API key in the body of an unknown sender, or null. The bytes are kept and parsed later. Until the key is
   * accepted, the body counts only among those of unknown senders.
   */
  async keyIn(
    request: Request,
    response: Response,
    rules: BodyRules,
    address: string,
  ): Promise<string | null> {
    if (!hasBody(request) || rules.keyInBody === null) return null;
    const maxPackedBytes = Math.min(rules.maxPackedBytes, MAX_UNKNOWN_SENDER_BYTES);
    // No client that sends its key in the body sends this much, so the key is missing.
    if (Number(request.headers['content-length'] ?? 0) > maxPackedBytes) return null;
    const enter = (size: number): Slot => this.admission.enterUnknown(address, size);
    const wholeMs = this.times.unknownSenderMs;
    const body = await this.receive(request, response, { ...rules, maxPackedBytes }, { enter, wholeMs });
    this.early.set(request, body);
    return (await scanJson(body.bytes, rules, rules.keyInBody)).found;
  }

  /** For handlers that stream the body. */
  admitImport(response: Response, sender: string): void {
    releaseWhenAnswered(response, this.admission.enterImport(sender));
  }

  /** Undefined if there is no body. `sender` is charged for its size. */
  async json(request: Request, response: Response, rules: BodyRules, sender: string): Promise<unknown> {
    if (!hasBody(request)) return undefined;
    const enter = (size: number): Slot => this.admission.enter(sender, size);
    const early = this.early.get(request);
    if (early) moveTo(enter, early, response);
    const { wholeMs } = this.times;
    const { bytes } = early ?? (await this.receive(request, response, rules, { enter, wholeMs }));
    return bytes.length === 0 ? undefined : parseJsonBody(bytes, rules);
  }

  /** The decompressed bytes, unparsed. */
  private async receive(
    request: Request,
    response: Response,
    rules: BodyRules,
    { enter, wholeMs }: { enter: (size: number) => Slot; wholeMs: number },
  ): Promise<ReadBody> {
    if (!rules.anyContentType) expectJson(request);
    const declaredBytes = Number(request.headers['content-length'] ?? 0);
    if (declaredBytes > Math.min(rules.maxBytes, rules.maxPackedBytes)) throw tooLarge(rules);
    const slot = enter(declaredBytes || UNKNOWN_BYTES);
    releaseWhenAnswered(response, slot);
    try {
      const patience = new Patience(this.times.pauseMs, wholeMs);
      return { bytes: await this.collect(request, rules, patience, slot), slot };
    } catch (error) {
      throw error instanceof BodyAborted ? readingError(error) : error;
    }
  }

  private async collect(request: Request, rules: BodyRules, patience: Patience, slot: Slot): Promise<Buffer> {
    const { maxPackedBytes } = rules;
    const decoded = decodeBody(request, request.headers['content-encoding'], { patience, maxPackedBytes });
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of decoded) {
      size += piece.length;
      if (size > rules.maxBytes) throw tooLarge(rules);
      slot.growTo(size);
      pieces.push(piece);
    }
    return Buffer.concat(pieces, size);
  }
}

function releaseWhenAnswered(response: Response, slot: Slot): void {
  response.once('close', () => slot.leave());
}

/** Throws 429, and leaves the body where it is, if the sender's key has no room. */
function moveTo(enter: (size: number) => Slot, { bytes, slot }: ReadBody, response: Response): void {
  releaseWhenAnswered(response, enter(bytes.length));
  slot.leave();
}

function tooLarge({ maxBytes }: BodyRules): DomainError {
  const megabytes = maxBytes / 1024 / 1024;
  return new DomainError('payload_too_large', 413, `The body is larger than ${megabytes} MB unpacked`);
}

function expectJson(request: Request): void {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '')
    .split(';')
    .map((part) => part.trim());
  if (!JSON_TYPE.test(type)) {
    throw new DomainError('unsupported_media_type', 415, 'The content type must be application/json');
  }
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter));
  if (charset !== undefined && !/^charset="?utf-?8"?$/i.test(charset)) {
    throw new DomainError('unsupported_media_type', 415, 'The charset must be UTF-8');
  }
}

function readingError({ problem: { code, detail } }: BodyAborted): DomainError {
  if (code === 'payload_too_large') return new DomainError(code, 413, detail);
  if (code === 'sender_too_slow') return new DomainError(code, 408, detail);
  if (code === 'connection_lost') return new DomainError('body_incomplete', 400, detail);
  return new DomainError('malformed_encoding', 400, detail);
}
