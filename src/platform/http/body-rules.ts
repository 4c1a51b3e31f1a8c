import { type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { Reflector } from '@nestjs/core';
import type { ScanLimits } from './scan-json.js';

/** Limits and rules for a route's request body. */
export interface BodyRules extends ScanLimits {
  /** After decompression. */
  readonly maxBytes: number;
  /** Before decompression. */
  readonly maxPackedBytes: number;
  /** Third-party clients send JSON with any content type. */
  readonly anyContentType: boolean;
  /**
   * The body member that may contain the API key if there is no `Authorization` header. The bytes are then read before the
   * caller is known, but parsed only after the key was accepted.
   */
  readonly keyInBody: string | null;
  /** The handler streams the body itself; the other rules do not apply. */
  readonly streamed: boolean;
}

const MAX_RECORD_BYTES = 1024 * 1024;
const MAX_BATCH_BYTES = 10 * 1024 * 1024;

const BODY_RULES = 'steward:body-rules';
const RECORD: BodyRules = {
  maxBytes: MAX_RECORD_BYTES,
  maxPackedBytes: MAX_RECORD_BYTES,
  maxValues: 20_000,
  maxMembers: 1_000,
  maxItems: 1_000,
  anyContentType: false,
  keyInBody: null,
  streamed: false,
};

/** For records with free-form content. */
export const FREE_FORM: Partial<BodyRules> = { maxValues: 100_000, maxMembers: 10_000, maxItems: 10_000 };

/** A list of up to 2,000 events of up to 1 MB each. */
export const BATCH: Partial<BodyRules> = {
  maxBytes: MAX_BATCH_BYTES,
  maxPackedBytes: MAX_BATCH_BYTES,
  maxValues: 1_000_000,
  maxMembers: Infinity,
  maxItems: 2_000,
};

/** For routes whose body is not one JSON record of up to 1 MB. On a handler it overrides the controller's rules. */
export const TakesBody = (rules: Partial<BodyRules>): ClassDecorator & MethodDecorator =>
  SetMetadata(BODY_RULES, { ...RECORD, ...rules });

/** Null if the route takes no body. */
export function bodyRulesOf(reflector: Reflector, context: ExecutionContext): BodyRules | null {
  const rules = reflector.getAllAndOverride<BodyRules | undefined>(BODY_RULES, [
    context.getHandler(),
    context.getClass(),
  ]);
  return rules?.streamed || hasParameter(context, RouteParamtypes.BODY) ? (rules ?? RECORD) : null;
}

/** Whether a handler has a parameter of this kind, according to Nest's metadata ("kind:index"). */
export function hasParameter(context: ExecutionContext, kind: RouteParamtypes): boolean {
  const noted: object =
    (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) as
      object | undefined) ?? {};
  return Object.keys(noted).some((key) => key.startsWith(`${kind}:`));
}
