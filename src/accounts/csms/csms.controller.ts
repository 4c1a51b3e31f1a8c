import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { actorOf, Caller, type CallerIdentity, Scope } from '../../platform/auth/scopes.js';
import { Cursors } from '../../platform/cursors.js';
import { ApiIfMatch, entityTag, IfMatch } from '../../platform/http/entity-tag.js';
import { PageQueryDto } from '../../platform/page-query.dto.js';
import { CsmDto, CsmPageDto, CsmPutDto } from './csm.dto.js';
import type { StoredCsm } from './csms.repository.js';
import { CsmsService } from './csms.service.js';

const LIST = 'csms';

@ApiTags('Records')
@Controller('v1/csms')
export class CsmsController {
  constructor(
    private readonly csms: CsmsService,
    private readonly cursors: Cursors,
  ) {}

  /** List the customer-success managers */
  @Get()
  @Scope('read')
  async list(@Query() { limit = 100, cursor }: PageQueryDto): Promise<CsmPageDto> {
    const after = cursor === undefined ? null : String(this.cursors.decode(LIST, cursor));
    const { items, nextCursor } = this.cursors.page(
      LIST,
      await this.csms.list(after, limit + 1),
      limit,
      ({ csm }) => csm,
    );
    return { items: items.map(viewOf), nextCursor };
  }

  /**
   * Get a customer-success manager
   * @remarks Send the answer's ETag as `If-Match` to change it.
   */
  @Get(':csm')
  @Scope('read')
  async get(@Param('csm') csm: string, @Res({ passthrough: true }) response: Response): Promise<CsmDto> {
    const stored = await this.csms.get(csm);
    response.set('etag', entityTag(stored.version));
    return viewOf(stored);
  }

  /**
   * Create or replace a customer-success manager
   * @remarks `csm` in the path is the value of `csm` on accounts; no account needs to have it yet. A field you leave out is removed.
   */
  @Put(':csm')
  @Scope('write')
  @ApiIfMatch()
  @ApiResponse({ status: 200, description: 'Replaced, or nothing changed.', type: CsmDto })
  @ApiResponse({ status: 201, description: 'Created.', type: CsmDto })
  async put(
    @Param('csm') csm: string,
    @Body() body: CsmPutDto,
    @IfMatch() ifMatch: string | undefined,
    @Caller() caller: CallerIdentity,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CsmDto> {
    const { stored, created } = await this.csms.put(csm, body, { actor: actorOf(caller), ifMatch });
    response.status(created ? 201 : 200).set('etag', entityTag(stored.version));
    return viewOf(stored);
  }

  /**
   * Delete a customer-success manager
   * @remarks Name, email address and time zone are erased. Accounts keep their `csm`.
   */
  @Delete(':csm')
  @HttpCode(204)
  @Scope('write')
  @ApiIfMatch()
  @ApiResponse({ status: 204, description: 'Deleted.' })
  async delete(
    @Param('csm') csm: string,
    @IfMatch() ifMatch: string | undefined,
    @Caller() caller: CallerIdentity,
  ): Promise<void> {
    await this.csms.delete(csm, { actor: actorOf(caller), ifMatch });
  }
}

function viewOf({ version: _, ...csm }: StoredCsm): CsmDto {
  return csm;
}
