import type { Socket } from 'node:net';
import { DomainError } from '../errors.js';
import { PROBLEM_TYPE, toProblem } from './problem.js';

/** Answers malformed HTTP, which fails before there is a request for the exception filter. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = toProblem(describe(error.code));
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nConnection: close\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function describe(code: string | undefined): DomainError {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new DomainError('headers_too_large', 431, 'The headers are larger than 16 kB');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new DomainError('request_timeout', 408, 'The request did not arrive in time');
  return new DomainError('malformed_request', 400, 'The request is not valid HTTP');
}
