import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import type { CallerRequest } from '../auth/scopes.js';
import { senderOf } from '../auth/sender.js';
import { bodyRulesOf } from './body-rules.js';
import { RequestBodies } from './request-bodies.js';

/** The last guard: the body is not read before the route is known and the caller authorized. */
@Injectable()
export class ReadBodyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly bodies: RequestBodies,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rules = bodyRulesOf(this.reflector, context);
    if (!rules) return true;
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    if (rules.streamed) this.bodies.admitImport(response, senderOf(request));
    else request.body = await this.bodies.json(request, response, rules, senderOf(request));
    return true;
  }
}
