import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError } from '../errors.js';
import type { AppLogger } from '../logging/app-logger.js';
import { allowedMethods } from './allowed-methods.js';
import { PROBLEM_TYPE, toProblem } from './problem.js';
import { routeOf } from './route-of.js';
import { toDomainError } from './to-domain-error.js';

/** The only place where errors become responses. Unexpected errors reveal only a request id, to find them in the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: AppLogger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const known = methodNotAllowed(error, request) ?? toDomainError(error);
    const requestId: unknown = response.locals.requestId;
    const answer =
      known ?? new DomainError('internal_error', 500, 'Internal error', { extra: { requestId } });
    const { code, status } = answer;
    response.locals.errorCode = code;
    if (status >= 500) {
      const place = { method: request.method, route: routeOf(request), status };
      this.log.error({ err: error, code, ...place, requestId }, 'request failed');
    }
    send(response, answer);
  }
}

function send(response: Response, answer: DomainError): void {
  // Part of the response has been sent: only aborting it tells the client that it is incomplete.
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.status(answer.status).set({ ...defaultHeaders(answer.status), ...answer.options.headers });
  response.removeHeader('etag');
  response.set('content-type', PROBLEM_TYPE).end(JSON.stringify(toProblem(answer)));
}

/** Responses that ask for a retry say when. */
function defaultHeaders(status: number): Record<string, string> {
  return status === 429 || status === 503 ? { 'Retry-After': '5' } : {};
}

function methodNotAllowed(error: unknown, request: Request): DomainError | null {
  if (!(error instanceof HttpException) || error.getStatus() !== 404) return null;
  const methods = allowedMethods(request);
  if (methods.length === 0) return null;
  return new DomainError('method_not_allowed', 405, `Use ${methods.join(' or ')} here`, {
    headers: { Allow: methods.join(', ') },
  });
}
