import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { RouteParamtypes } from '@nestjs/common/internal';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { DomainError } from '../errors.js';
import { hasParameter } from './body-rules.js';
import { pointerStep, shownName } from '../validation/violation.js';

const ANY_QUERY_KEY = 'steward:any-query';

/** For routes called by third-party clients, which may add parameters. */
export const AnyQuery = (): ClassDecorator & MethodDecorator => SetMetadata(ANY_QUERY_KEY, true);

/**
 * Rejects query parameters on routes that take none, so that a misspelled parameter is not silently ignored. Routes with a
 * query check it with their DTO.
 */
@Injectable()
export class KnownQueryGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const names = Object.keys(context.switchToHttp().getRequest<Request>().query);
    const places = [context.getHandler(), context.getClass()];
    if (names.length === 0 || this.reflector.getAllAndOverride<boolean>(ANY_QUERY_KEY, places)) return true;
    if (hasParameter(context, RouteParamtypes.QUERY)) return true;
    const errors = names.slice(0, 10).map((name) => ({
      code: 'unknown_field',
      detail: `Unknown query parameter ${shownName(name)}`,
      pointer: pointerStep(name),
    }));
    const [first] = errors;
    throw new DomainError('validation_failed', 400, first?.detail ?? '', { pointer: first?.pointer, errors });
  }
}
