import type { NextFunction, Request, Response } from 'express';
import { hasBody } from './has-body.js';

/** For clients that send the whole body before they read: if bytes stay unread, the kernel resets the connection and the response is lost. */
const REFUSED_MS = 2_000;
/** For a known sender whose body was read only in part. */
const ANSWERED_MS = 30_000;

/**
 * Closes the connection of a request that was answered before its body arrived. If it were kept alive, it would wait for a
 * body of any length at any pace. Bytes still arriving are discarded for a moment, so that the client can read the
 * response.
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

/** Node calls `destroySoon` after the last response of a connection; with unread bytes that would reset the connection. */
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
