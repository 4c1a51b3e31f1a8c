import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { actorOf, type CallerRequest } from '../auth/scopes.js';
import { routeOf } from '../http/route-of.js';
import type { Metrics } from '../metrics/metrics.js';
import type { AppLogger } from './app-logger.js';

const REQUEST_ID = /^(?!stw_)[\w.-]{1,100}$/;
const FREQUENT = new Set(['/livez', '/readyz', '/metrics']);

/** Logs and measures each request. Only the route's pattern is logged: paths contain ids, and an id may be an email address. */
export function accessLog(log: AppLogger, metrics: Metrics) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const started = performance.now();
    const sent = request.get('x-request-id');
    const requestId = sent !== undefined && REQUEST_ID.test(sent) ? sent : randomUUID();
    response.setHeader('x-request-id', requestId);
    response.locals.requestId = requestId;

    response.on('close', () => {
      const ms = performance.now() - started;
      const { method } = request;
      const route = routeOf(request);
      const status = response.writableFinished ? response.statusCode : 499;
      metrics.requestSeconds.observe({ method, route, status }, ms / 1000);
      const { caller } = request as CallerRequest;
      const level = FREQUENT.has(route) ? 'debug' : 'info';
      const code: unknown = response.locals.errorCode;
      const fields = { method, route, status, code, ms: Math.round(ms * 10) / 10, requestId };
      log[level]({ ...fields, caller: caller && actorOf(caller) }, 'request');
    });
    next();
  };
}
