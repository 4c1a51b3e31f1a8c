import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { DataSource } from 'typeorm';
import { RevocationWatch } from '../../platform/auth/revocation-watch.js';
import { actorOf, Caller, Scope, type CallerIdentity } from '../../platform/auth/scopes.js';
import { Cursors } from '../../platform/cursors.js';
import { DomainError } from '../../platform/errors.js';
import { TakesBody } from '../../platform/http/body-rules.js';
import { PageQueryDto } from '../../platform/page-query.dto.js';
import { RECORD_KINDS } from '../records/record-kind.js';
import type { ImportKind } from './chunk-intake.js';
import { ImportAnswer, ImportDto, ImportErrorPage, ImportPage } from './import.dto.js';
import { ImportsRepository } from './imports.repository.js';
import { ImportsService } from './imports.service.js';

const KINDS: readonly ImportKind[] = ['events', ...RECORD_KINDS];

const FILE = {
  required: true,
  description: 'The file in one of three formats (examples: accounts)',
  content: {
    'application/json': {
      schema: { type: 'array', items: { type: 'object', additionalProperties: true } },
      example: [{ id: 'A-1', name: 'Acme Ltd', traits: { region: 'EMEA' } }],
    },
    'application/x-ndjson': { schema: { type: 'string' }, example: '{"id":"A-1","name":"Acme Ltd"}\n' },
    'text/csv': { schema: { type: 'string' }, example: 'id,name,traits.region\nA-1,Acme Ltd,EMEA\n' },
  },
};

@ApiTags('Imports')
@Controller('v1/imports')
export class ImportsController {
  constructor(
    private readonly service: ImportsService,
    private readonly imports: ImportsRepository,
    private readonly dataSource: DataSource,
    private readonly cursors: Cursors,
    private readonly revocations: RevocationWatch,
  ) {}

  /**
   * Import a file of any size: a JSON array, NDJSON or CSV
   * @remarks The file is streamed and committed in chunks; sending it again changes nothing. Records are merged: missing fields
   * stay as they are, null (`\N` in CSV) clears a field. CSV headers are the JSON names, `traits.region` for a trait; a list is separated by semicolons, or by commas where there is
   * no semicolon; whitespace around a cell is ignored. `Content-Encoding` may be gzip, deflate or br.
   */
  @Post(':kind')
  @Scope('ingest')
  @TakesBody({ streamed: true })
  @ApiParam({ name: 'kind', enum: KINDS })
  @ApiOperation({ requestBody: FILE })
  @ApiResponse({ status: 200, description: 'All lines were imported.', type: ImportAnswer })
  @ApiResponse({
    status: 207,
    description: 'Some lines were rejected, or the input ended early; the other lines were imported.',
    type: ImportAnswer,
  })
  async import(
    @Param('kind') kind: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: CallerIdentity,
  ): Promise<ImportAnswer> {
    const known = KINDS.find((name) => name === kind);
    if (known === undefined) {
      throw new DomainError('not_found', 404, `Unknown kind; use one of ${KINDS.join(', ')}`);
    }
    const { signal, stop } = this.revocations.start(caller);
    const answer = await this.service
      .import({
        kind: known,
        body: request,
        contentType: request.headers['content-type'],
        contentEncoding: request.headers['content-encoding'],
        actor: actorOf(caller),
        signal,
      })
      .finally(stop);
    response.status(answer.rejected > 0 || !answer.complete ? 207 : 200);
    return answer;
  }

  /** List imports, newest first, including those that ended early */
  @Get()
  @Scope('ingest')
  async list(@Query() { limit = 100, cursor }: PageQueryDto): Promise<ImportPage> {
    const before = cursor === undefined ? null : String(this.cursors.decode('imports', cursor));
    const rows = await this.imports.list(this.dataSource.manager, before, limit + 1);
    return this.cursors.page('imports', rows, limit, ({ id }) => id);
  }

  /** Get the progress of an import */
  @Get(':id')
  @Scope('ingest')
  async get(@Param('id') id: string): Promise<ImportDto> {
    const found = await this.imports.find(this.dataSource.manager, id);
    if (!found) throw new DomainError('not_found', 404, 'Import not found');
    return found;
  }

  /** List the rejected lines of an import */
  @Get(':id/errors')
  @Scope('ingest')
  async errors(
    @Param('id') id: string,
    @Query() { limit = 100, cursor }: PageQueryDto,
  ): Promise<ImportErrorPage> {
    await this.get(id);
    const list = `imports/${id}/errors`;
    const after = cursor === undefined ? 0 : Number(this.cursors.decode(list, cursor));
    const rows = await this.imports.errors(this.dataSource.manager, id, after, limit + 1);
    const page = this.cursors.page(list, rows, limit, ({ seq }) => seq);
    return { ...page, items: page.items.map(({ seq: _, ...error }) => error) };
  }
}
