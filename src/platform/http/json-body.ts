import { isUtf8 } from 'node:buffer';
import express, { type NextFunction, type Request, type Response } from 'express';
import { DomainError } from '../errors.js';
import { hasBody } from './has-body.js';
import { unsafeJson } from './json-safety.js';

const LIMIT_BYTES = 10 * 1024 * 1024;

/** RudderStack's Node SDK sends JSON as `application/x-www-form-urlencoded`, so on these paths the content type says nothing. */
const TRACKING_PATH = /^\/v1\/(batch|track|identify|group|page|screen|alias)\/?$/;
/** Read as streams, of any size and for any time, by their own handlers. */
const STREAMED_PATH = /^\/v1\/imports(\/|$)/;
const JSON_TYPE = /^application\/([\w.-]+\+)?json$/i;
const BYTE_ORDER_MARK = '\ufeff';

/** Parses the body of every route but the streamed ones. Errors name what is wrong and never repeat what was sent. */
export function jsonBody(receiveTimeoutMs: number) {
  const readBytes = express.raw({ type: () => true, limit: LIMIT_BYTES, inflate: true });

  return (request: Request, response: Response, next: NextFunction): void => {
    if (STREAMED_PATH.test(request.path)) {
      next();
      return;
    }
    const fromTracker = TRACKING_PATH.test(request.path);
    const refusal = hasBody(request) ? refuse(request, fromTracker) : null;
    if (refusal) {
      next(refusal);
      return;
    }
    let answered = false;
    const timer = setTimeout(() => {
      answered = true;
      next(new DomainError('request_timeout', 408, 'The body did not arrive in time'));
    }, receiveTimeoutMs);

    readBytes(request, response, (error?: unknown) => {
      clearTimeout(timer);
      if (answered) return;
      if (error !== undefined) next(readingError(error));
      else next(parseInto(request, fromTracker));
    });
  };
}

/** What the headers alone tell, before a byte is read. */
function refuse(request: Request, fromTracker: boolean): DomainError | null {
  if (Number(request.headers['content-length'] ?? 0) > LIMIT_BYTES) return tooLarge();
  return fromTracker ? null : refuseType(request);
}

const tooLarge = (): DomainError =>
  new DomainError('payload_too_large', 413, 'The body is larger than 10 MB unpacked');

function refuseType(request: Request): DomainError | null {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '')
    .split(';')
    .map((part) => part.trim());
  if (!JSON_TYPE.test(type)) {
    return new DomainError('unsupported_media_type', 415, 'The content type must be application/json');
  }
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter));
  if (charset === undefined || /^charset="?utf-?8"?$/i.test(charset)) return null;
  return new DomainError('unsupported_media_type', 415, 'The charset must be UTF-8');
}

/** Undefined when all is well, as Express's `next` wants it. */
function parseInto(request: Request, fromTracker: boolean): DomainError | undefined {
  const bytes: unknown = request.body;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) {
    request.body = undefined;
    return undefined;
  }
  if (!isUtf8(bytes)) return new DomainError('malformed_json', 400, 'The body is not UTF-8');
  const text = bytes.toString('utf8');
  try {
    request.body = JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text) as unknown;
  } catch (error) {
    return malformed(error);
  }
  // There each event is judged alone: a bad one must not take the others with it.
  if (fromTracker) return undefined;
  const unsafe = unsafeJson(request.body, text.includes('\\u'));
  return unsafe ? new DomainError(unsafe.code, 400, unsafe.detail, { pointer: unsafe.pointer }) : undefined;
}

function malformed(error: unknown): DomainError {
  const position = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
  const where = position === undefined ? '' : ` at character ${position}`;
  return new DomainError('malformed_json', 400, `The body is not JSON${where}`, {
    ...(position !== undefined && { extra: { position: Number(position) } }),
  });
}

function readingError(error: unknown): DomainError {
  const type = error instanceof Error && 'type' in error ? error.type : null;
  switch (type) {
    case 'entity.too.large':
      return tooLarge();
    case 'encoding.unsupported':
      return new DomainError(
        'unsupported_encoding',
        415,
        'The content encoding must be gzip, deflate, br or none',
      );
    case 'request.aborted':
    case 'request.size.invalid':
      return new DomainError('body_incomplete', 400, 'The body broke off');
    default:
      return new DomainError('malformed_encoding', 400, 'The body is not what its content encoding says');
  }
}
