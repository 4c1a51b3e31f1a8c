import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';

const CROSS_ORIGIN_KEY = 'steward:cross-origin';

/** For routes that browsers may call from any site, with an API key and never with a cookie. */
export const CrossOrigin = (): ClassDecorator & MethodDecorator => SetMetadata(CROSS_ORIGIN_KEY, true);

/** Answers a preflight request. `*` does not cover Authorization. */
export const PREFLIGHT_HEADERS = {
  'Access-Control-Allow-Methods': 'POST',
  'Access-Control-Allow-Headers': '*, Authorization',
  'Access-Control-Max-Age': '86400',
};

/** Runs first, so that a page can also read error responses. */
@Injectable()
export class CrossOriginGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(CROSS_ORIGIN_KEY, places)) {
      context.switchToHttp().getResponse<Response>().set({
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Expose-Headers': 'Retry-After',
        'Cross-Origin-Resource-Policy': 'cross-origin',
      });
    }
    return true;
  }
}
