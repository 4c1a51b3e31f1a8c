import type { NextFunction, Request, Response } from 'express';
import { hasBody } from './has-body.js';

/** For a client that writes its whole body before it reads: with unread bytes the kernel would reset the connection and the answer be lost. */
const REFUSED_MS = 2_000;
/** For a body that was read in part and answered as such, by a sender that is known. */
const ANSWERED_MS = 30_000;

/**
 * Ends the connection of a request that is answered before its body has come: kept alive, it would wait for a body of
 * any length at any pace. What is still sent is thrown away for a moment, so that the sender gets to read the answer.
 */
export function closeUnread(request: Request, response: Response, next: NextFunction): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => Response;
  response.writeHead = (...args: unknown[]): Response => {
    if (hasBody(request) && !request.complete) {
      response.setHeader('connection', 'close');
      linger(request, response.statusCode < 400 ? ANSWERED_MS : REFUSED_MS);
    }
    return writeHead(...args);
  };
  next();
}

/** Node calls `destroySoon` once the last answer of a connection is out; with bytes unread it would be a reset. */
function linger(request: Request, ms: number): void {
  const { socket } = request;
  const destroySoon = socket.destroySoon.bind(socket);
  socket.destroySoon = (): void => {
    if (request.complete) {
      destroySoon();
      return;
    }
    const timeout = setTimeout(() => socket.destroy(), ms);
    socket.once('close', () => clearTimeout(timeout));
    socket.end();
    request.once('end', destroySoon).resume();
  };
}
