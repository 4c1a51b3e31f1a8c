import { Body, Controller, HttpCode, HttpStatus, Options, Post, Res } from '@nestjs/common';
import { ApiBody, ApiExcludeEndpoint, ApiExtraModels, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { actorOf, Caller, Public, Scope, type CallerIdentity } from '../../platform/auth/scopes.js';
import { DomainError } from '../../platform/errors.js';
import { BATCH, FREE_FORM, TakesBody } from '../../platform/http/body-rules.js';
import { CrossOrigin, PREFLIGHT_HEADERS } from '../../platform/http/cross-origin.guard.js';
import { AnyQuery } from '../../platform/http/known-query.guard.js';
import { IntakeAnswer } from './intake-answer.dto.js';
import { PosthogBatch, PosthogEvent, PosthogFlags } from './posthog.dto.js';
import { PosthogService } from './posthog.service.js';
import { MAX_BATCH } from './tracking.controller.js';

const OK = {
  status: 200,
  description: 'Processed. `errors` lists the rejected events.',
  type: IntakeAnswer,
};
/** Nothing of it is read but the key. */
const FLAGS_REQUEST = {
  type: 'object',
  properties: {
    token: {
      type: 'string',
      maxLength: 1_000,
      description: 'API key, if the request has no `Authorization` header.',
    },
  },
  additionalProperties: true,
  example: { distinct_id: 'u-17' },
};
const NO_FLAGS: PosthogFlags = {
  flags: {},
  featureFlags: {},
  featureFlagPayloads: {},
  errorsWhileComputingFlags: false,
};

/**
 * PostHog's capture API: `posthog-node` works unmodified with `/v1/posthog` as its host. It resends a batch on an error
 * status, so partly rejected batches get 200.
 */
@ApiTags('Events')
@ApiExtraModels(PosthogEvent)
@Scope('ingest')
@AnyQuery()
@CrossOrigin()
@TakesBody({ ...BATCH, anyContentType: true, keyInBody: 'api_key' })
@Controller('v1/posthog')
export class PosthogController {
  constructor(private readonly posthog: PosthogService) {}

  /** Send up to 2,000 events from a PostHog client */
  @Post('batch')
  @HttpCode(HttpStatus.OK)
  @ApiBody({ type: PosthogBatch })
  @ApiResponse(OK)
  batch(@Body() body: unknown, @Caller() caller: CallerIdentity): Promise<IntakeAnswer> {
    const { batch, sent_at: sentAt, sentAt: otherSentAt } = (body ?? {}) as Record<string, unknown>;
    if (!Array.isArray(batch))
      throw new DomainError('wrong_type', 400, '`batch` must be a list', { pointer: '/batch' });
    if (batch.length > MAX_BATCH) {
      throw new DomainError('payload_too_large', 413, `A batch may contain at most ${MAX_BATCH} events`, {
        pointer: '/batch',
      });
    }
    return this.posthog.take(batch, sentAt ?? otherSentAt, actorOf(caller));
  }

  /** Send one event from a PostHog client */
  @Post('capture')
  @HttpCode(HttpStatus.OK)
  @ApiBody({ type: PosthogEvent })
  @ApiResponse(OK)
  capture(@Body() body: unknown, @Caller() caller: CallerIdentity): Promise<IntakeAnswer> {
    const { sent_at: sentAt, batch } = (body ?? {}) as Record<string, unknown>;
    return Array.isArray(batch)
      ? this.batch(body, caller)
      : this.posthog.take([body], sentAt, actorOf(caller));
  }

  /** Get feature flags (there are none) */
  @Post('flags')
  @HttpCode(HttpStatus.OK)
  @ApiResponse({ status: 200, description: 'An empty list', type: PosthogFlags })
  @ApiBody({ schema: FLAGS_REQUEST, required: false })
  @TakesBody({ ...FREE_FORM, anyContentType: true, keyInBody: 'token' })
  flags(@Body() _body: unknown): PosthogFlags {
    return NO_FLAGS;
  }

  @Options(['batch', 'capture', 'flags'])
  @HttpCode(HttpStatus.NO_CONTENT)
  @Public()
  @ApiExcludeEndpoint()
  preflight(@Res({ passthrough: true }) response: Response): void {
    response.set(PREFLIGHT_HEADERS);
  }
}
