import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Scope } from '../auth/scopes.js';
import { Cursors } from '../cursors.js';
import { AuditQueryDto } from './audit-query.dto.js';
import { type AuditEntryDto, AuditPageDto } from './audit.dto.js';

@ApiTags('Audit')
@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cursors: Cursors,
  ) {}

  /** List audit log entries, newest first */
  @Get()
  @Scope('admin')
  async list(@Query() { limit = 100, cursor, target }: AuditQueryDto): Promise<AuditPageDto> {
    const before = cursor === undefined ? null : Number(this.cursors.decode('audit', cursor));
    const rows = await this.dataSource.query<AuditEntryDto[]>(
      `select id, at, actor, action, target, detail from audit_entry
        where ($1::bigint is null or id < $1) and ($2::text is null or target = $2) order by id desc limit $3`,
      [before, target ?? null, limit + 1],
    );
    return this.cursors.page('audit', rows, limit, ({ id }) => id);
  }
}
