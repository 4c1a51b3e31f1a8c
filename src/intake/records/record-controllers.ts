import { Body, Controller, Delete, HttpCode, Param, Put, Res, type Type } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { actorOf, Caller, Scope, type CallerIdentity } from '../../platform/auth/scopes.js';
import { FREE_FORM, TakesBody } from '../../platform/http/body-rules.js';
import { RemovalService } from '../removal/removal.service.js';
import { recordKinds } from '../kinds/kinds.js';
import { PutAnswerDto } from './put-answer.dto.js';
import type { RecordKind } from './record-kind.js';
import { RecordWritesService, type PutAnswer } from './record-writes.service.js';

const STATUS = { created: 201, updated: 200, unchanged: 200, quarantined: 202 } as const;

/** Why a record is refused that is right in itself, by kind. */
const OWNED = 'This id belongs to another account (`belongs_to_another_account`)';
const PUT_CONFLICTS: Partial<Record<string, string>> = {
  accounts:
    'An external id belongs to another account (`external_id_taken`), or the account was merged into another (`merged`)',
  contacts: `${OWNED}, or the person was erased (\`erased\`)`,
};
const MERGED = {
  status: 409,
  description: 'The account was merged into another one: delete that one by its own id (`merged`)',
};
const NOTHING: MethodDecorator = () => undefined;

function describe(kind: RecordKind): { put: string; remove: string } {
  const one = kind.name === 'activities' ? 'activity' : kind.name.slice(0, -1);
  const article = /^[aeiou]/.test(one) ? 'an' : 'a';
  return {
    put: `Replace ${article} ${one}`,
    remove:
      kind.name === 'contacts'
        ? 'Erase a person from all accounts: counts are kept, and later facts do not restore the person'
        : kind.name === 'accounts'
          ? 'Delete an account with all its facts'
          : `Delete ${article} ${one}`,
  };
}

/** One controller per kind, each with its own schema in the documentation and the same code. */
function recordController(kind: RecordKind): Type {
  const words = describe(kind);

  @ApiTags('Records')
  @Scope('ingest')
  @Controller(`v1/${kind.name}`)
  class RecordController {
    constructor(
      private readonly writes: RecordWritesService,
      private readonly removal: RemovalService,
    ) {}

    @Put(':id')
    @TakesBody(FREE_FORM)
    @ApiOperation({ summary: words.put, operationId: `${kind.name}_put` })
    @ApiParam({ name: 'id', description: 'Your id for the record' })
    @ApiBody({
      type: kind.dto,
      description: 'The whole record: fields you leave out are removed. `id` is optional.',
    })
    @ApiResponse({ status: 200, description: 'Updated, or nothing changed.', type: PutAnswerDto })
    @ApiResponse({ status: 201, description: 'Created.', type: PutAnswerDto })
    @ApiResponse({ status: 202, description: 'Kept until its account is known.', type: PutAnswerDto })
    @ApiResponse({ status: 409, description: PUT_CONFLICTS[kind.name] ?? OWNED })
    async put(
      @Param('id') id: string,
      @Body() body: unknown,
      @Res({ passthrough: true }) response: Response,
      @Caller() caller: CallerIdentity,
    ): Promise<PutAnswer> {
      const answer = await this.writes.put(kind.name, id, body, actorOf(caller));
      response.status(STATUS[answer.status]);
      return answer;
    }

    @Delete(':id')
    @HttpCode(204)
    @ApiOperation({ summary: words.remove, operationId: `${kind.name}_delete` })
    @ApiParam({ name: 'id', description: 'Your id for the record' })
    @ApiResponse({ status: 204, description: 'Deleted.' })
    @(kind.name === 'accounts' ? ApiResponse(MERGED) : NOTHING)
    async delete(@Param('id') id: string, @Caller() caller: CallerIdentity): Promise<void> {
      await this.removal.remove(kind, id, actorOf(caller));
    }
  }
  Object.defineProperty(RecordController, 'name', { value: `${kind.table}RecordController` });
  return RecordController;
}

export const recordControllers = recordKinds().map(recordController);
