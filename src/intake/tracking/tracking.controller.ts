import { Body, Controller, Headers, HttpCode, HttpStatus, Options, Post, Res } from '@nestjs/common';
import { ApiBody, ApiExcludeEndpoint, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { actorOf, Caller, Public, Scope, type CallerIdentity } from '../../platform/auth/scopes.js';
import { DomainError } from '../../platform/errors.js';
import { BATCH, FREE_FORM, TakesBody } from '../../platform/http/body-rules.js';
import { CrossOrigin, PREFLIGHT_HEADERS } from '../../platform/http/cross-origin.guard.js';
import { AnyQuery } from '../../platform/http/known-query.guard.js';
import { compileValidator } from '../../platform/validation/compile.js';
import { takesOnly200 } from './client-library.js';
import type { CallType } from './call-reader.js';
import { IntakeAnswer } from './intake-answer.dto.js';
import {
  AliasCall,
  BatchCall,
  GroupCall,
  IdentifyCall,
  PageCall,
  ScreenCall,
  TrackCall,
} from './tracking-calls.dto.js';
import { TrackingService } from './tracking.service.js';

export const MAX_BATCH = 2_000;
const batchProblems = compileValidator(BatchCall, { unknownFields: 'allow' });

const STATUS: Record<string, number> = {
  too_large: 413,
  alias_taken: 409,
  alias_circle: 409,
  too_many_aliases: 409,
};
const OK = { status: 200, description: 'No call was rejected.', type: IntakeAnswer };
const PARTLY = {
  status: 207,
  description: 'Some calls were rejected, see `errors`. The others are stored.',
  type: IntakeAnswer,
};

/** The Segment HTTP tracking API. Its clients work unmodified, with an API key as the write key. */
@ApiTags('Events')
@ApiResponse(OK)
@Scope('ingest')
@AnyQuery()
@TakesBody({ ...FREE_FORM, anyContentType: true, keyInBody: 'writeKey' })
@CrossOrigin()
@Controller('v1')
export class TrackingController {
  constructor(private readonly tracking: TrackingService) {}

  /** Send up to 2,000 calls at once */
  @Post('batch')
  @HttpCode(HttpStatus.OK)
  @ApiBody({ type: BatchCall })
  @TakesBody({ ...BATCH, anyContentType: true, keyInBody: 'writeKey' })
  @ApiResponse(PARTLY)
  async batch(
    @Body() body: unknown,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: CallerIdentity,
    @Headers('user-agent') userAgent: string | undefined,
  ): Promise<IntakeAnswer> {
    const [problem] = batchProblems(body) ?? [];
    if (problem) throw new DomainError(problem.code, 400, problem.detail, { pointer: problem.pointer });
    const { batch, context, sentAt } = body as BatchCall & { context?: unknown; sentAt?: unknown };
    if (batch.length > MAX_BATCH) {
      throw new DomainError('payload_too_large', 413, `A batch may contain at most ${MAX_BATCH} calls`, {
        pointer: '/batch',
      });
    }
    const shared = { context: typeof context === 'object' && context !== null ? context : undefined, sentAt };
    const only200 = takesOnly200(userAgent, batch);
    const answer = await this.tracking.take(batch, { actor: actorOf(caller), shared });
    response.status(answer.rejected > 0 && !only200 ? HttpStatus.MULTI_STATUS : HttpStatus.OK);
    return answer;
  }

  /** Record what a user did */
  @Post('track')
  @HttpCode(HttpStatus.OK)
  @ApiBody({ type: TrackCall })
  track(@Body() body: unknown, @Caller() caller: CallerIdentity): Promise<IntakeAnswer> {
    return this.one('track', body, caller);
  }

  /**
   * Identify a user: create or update the contact
   * @remarks The account is `context.groupId`, else the one the user was in at that time. A user of several accounts has a contact in each: the
   * first gets the user id as its id, the others `<account>:<user>`, or `user:` and a hash if that is too long or taken.
   */
  @Post('identify')
  @HttpCode(HttpStatus.OK)
  @ApiBody({ type: IdentifyCall })
  identify(@Body() body: unknown, @Caller() caller: CallerIdentity): Promise<IntakeAnswer> {
    return this.one('identify', body, caller);
  }

  /** Put a user in an account: create or update the account */
  @Post('group')
  @HttpCode(HttpStatus.OK)
  @ApiBody({ type: GroupCall })
  group(@Body() body: unknown, @Caller() caller: CallerIdentity): Promise<IntakeAnswer> {
    return this.one('group', body, caller);
  }

  /** Record a page view */
  @Post('page')
  @HttpCode(HttpStatus.OK)
  @ApiBody({ type: PageCall })
  page(@Body() body: unknown, @Caller() caller: CallerIdentity): Promise<IntakeAnswer> {
    return this.one('page', body, caller);
  }

  /** Record a screen view */
  @Post('screen')
  @HttpCode(HttpStatus.OK)
  @ApiBody({ type: ScreenCall })
  screen(@Body() body: unknown, @Caller() caller: CallerIdentity): Promise<IntakeAnswer> {
    return this.one('screen', body, caller);
  }

  /**
   * Make one user id an alias of another
   * @remarks One person counts once, on past days as well. Chains of aliases are resolved in any order of arrival.
   */
  @Post('alias')
  @HttpCode(HttpStatus.OK)
  @ApiBody({ type: AliasCall })
  @ApiResponse({
    status: 409,
    description:
      'It would close a circle (`alias_circle`), belongs to another user (`alias_taken`) or is one too many (`too_many_aliases`)',
  })
  alias(@Body() body: unknown, @Caller() caller: CallerIdentity): Promise<IntakeAnswer> {
    return this.one('alias', body, caller);
  }

  @Options(['batch', 'track', 'identify', 'group', 'page', 'screen', 'alias'])
  @HttpCode(HttpStatus.NO_CONTENT)
  @Public()
  @ApiExcludeEndpoint()
  preflight(@Res({ passthrough: true }) response: Response): void {
    response.set(PREFLIGHT_HEADERS);
  }

  /** A single rejected call gets an error status: Segment's clients treat 207 as success. */
  private async one(type: CallType, body: unknown, caller: CallerIdentity): Promise<IntakeAnswer> {
    const answer = await this.tracking.take([body], { actor: actorOf(caller), only: type });
    const [error] = answer.errors;
    if (error === undefined) return answer;
    const status = STATUS[error.code] ?? HttpStatus.BAD_REQUEST;
    throw new DomainError(error.code, status, error.detail, { pointer: error.pointer ?? undefined });
  }
}
