import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { DomainError } from '../errors.js';
import { bodyRulesOf } from '../http/body-rules.js';
import { RequestBodies } from '../http/request-bodies.js';
import { Authenticator, keyFromHeader } from './authenticator.js';
import { type CallerRequest, holdsScope, PUBLIC_KEY, SCOPE_KEY, type ScopeName } from './scopes.js';
import { addressOf } from './sender.js';

/** Global guard: a route is closed until it declares a scope. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly bodies: RequestBodies,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_KEY, places)) return true;
    const scope = this.reflector.getAllAndOverride<ScopeName | undefined>(SCOPE_KEY, places);
    if (!scope) throw new DomainError('route_closed', 403, 'This route is closed');

    const request = context.switchToHttp().getRequest<CallerRequest>();
    const key = await this.keyOf(request, context);
    request.caller = await this.authenticator.authenticate(key, addressOf(request));
    if (!holdsScope(request.caller, scope)) {
      const who = request.caller.kind === 'key' ? 'The API key' : 'Your role';
      throw new DomainError('scope_missing', 403, `${who} lacks the ${scope} scope`, { extra: { scope } });
    }
    return true;
  }

  /** The key from the header, or from the body where the route allows it. */
  private async keyOf(request: CallerRequest, context: ExecutionContext): Promise<string | null> {
    const { authorization } = request.headers;
    if (authorization !== undefined) return keyFromHeader(authorization);
    const rules = bodyRulesOf(this.reflector, context);
    if (!rules) return null;
    const response = context.switchToHttp().getResponse<Response>();
    return this.bodies.keyIn(request, response, rules, addressOf(request));
  }
}
