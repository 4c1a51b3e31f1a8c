import { Body, Controller, Delete, HttpCode, Param, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { actorOf, Caller, Scope, type CallerIdentity } from '../../platform/auth/scopes.js';
import { DomainError, type ProblemItem } from '../../platform/errors.js';
import { FREE_FORM, TakesBody } from '../../platform/http/body-rules.js';
import { EventDto } from '../kinds/event.dto.js';
import { PutAnswerDto } from '../records/put-answer.dto.js';
import { RemovalService } from '../removal/removal.service.js';
import { EventAccountQuery } from './event-account-query.dto.js';
import { EventReader } from './event-reader.js';
import { EventsService } from './events.service.js';

@ApiTags('Events')
@Scope('ingest')
@Controller('v1/events')
export class EventsController {
  constructor(
    private readonly reader: EventReader,
    private readonly events: EventsService,
    private readonly removal: RemovalService,
    private readonly audit: AuditLog,
  ) {}

  /** Send one event; sending it again changes nothing */
  @Put(':messageId')
  @TakesBody(FREE_FORM)
  @ApiBody({ type: EventDto })
  @ApiResponse({ status: 200, description: 'Already stored.', type: PutAnswerDto })
  @ApiResponse({ status: 201, description: 'Created.', type: PutAnswerDto })
  @ApiResponse({ status: 202, description: 'Kept until its account is known.', type: PutAnswerDto })
  async put(
    @Param('messageId') messageId: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: CallerIdentity,
  ): Promise<PutAnswerDto> {
    const own = (body as { messageId?: unknown } | null)?.messageId;
    if (own !== undefined && own !== messageId) {
      throw new DomainError('id_differs', 400, '`messageId` must equal the one in the path', {
        pointer: '/messageId',
      });
    }
    const whole =
      typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body, messageId } : body;
    const read = this.reader.read(whole);
    if (!('input' in read)) throw refusal(read.problems);
    const taken = await this.events.take([read.input], async (manager, { accepted, quarantined }) => {
      if (accepted + quarantined === 0) return;
      const detail = { created: accepted, quarantined };
      await this.audit.record(manager, {
        actor: actorOf(caller),
        action: 'events.put',
        target: 'events',
        detail,
      });
    });
    const [rejected] = taken.rejected;
    if (rejected) throw refusal([rejected.problem]);
    response.status(taken.accepted > 0 ? 201 : taken.quarantined > 0 ? 202 : 200);
    const status = taken.accepted > 0 ? 'created' : taken.quarantined > 0 ? 'quarantined' : 'unchanged';
    return { id: messageId, status };
  }

  /** Delete an event and remove it from the counts, as long as raw events are kept */
  @Delete(':messageId')
  @HttpCode(204)
  async delete(
    @Param('messageId') messageId: string,
    @Query() { accountId }: EventAccountQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<void> {
    await this.removal.removeEvent(accountId, messageId, actorOf(caller));
  }
}

function refusal(problems: readonly ProblemItem[]): DomainError {
  const [first] = problems;
  const status = first?.code === 'too_large' ? 413 : 400;
  return new DomainError(first?.code ?? 'malformed', status, first?.detail ?? 'The event could not be read', {
    pointer: first?.pointer,
    errors: [...problems],
  });
}
