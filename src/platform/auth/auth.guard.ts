import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '../errors.js';
import { Authenticator } from './authenticator.js';
import { type CallerRequest, holdsScope, PUBLIC_KEY, SCOPE_KEY, type ScopeName } from './scopes.js';

/** Guards the whole app: a new route is closed until it names its scope. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_KEY, places)) return true;
    const scope = this.reflector.getAllAndOverride<ScopeName | undefined>(SCOPE_KEY, places);
    if (!scope) throw new DomainError('route_closed', 403, 'This route is not open to anybody');

    const request = context.switchToHttp().getRequest<CallerRequest>();
    request.caller ??= await this.authenticator.authenticate(request.headers.authorization);
    if (!holdsScope(request.caller, scope)) {
      throw new DomainError(
        'scope_missing',
        403,
        `${request.caller.kind === 'key' ? 'The API key' : 'Your role'} lacks the scope ${scope}`,
        {
          extra: { scope },
        },
      );
    }
    return true;
  }
}
