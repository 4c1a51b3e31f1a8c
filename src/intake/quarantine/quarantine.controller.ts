import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Scope } from '../../platform/auth/scopes.js';
import { Cursors } from '../../platform/cursors.js';
import { QuarantinePage, QuarantineQueryDto, type QuarantineItem } from './quarantine.dto.js';

@ApiTags('Imports')
@Controller('v1/quarantine')
export class QuarantineController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cursors: Cursors,
  ) {}

  /** List facts whose account is not known yet, oldest first */
  @Get()
  @Scope('read')
  async list(@Query() { limit = 100, cursor, ref, kind }: QuarantineQueryDto): Promise<QuarantinePage> {
    const after = cursor === undefined ? null : Number(this.cursors.decode('quarantine', cursor));
    const rows: (QuarantineItem & { seq: number })[] = await this.dataSource.query(
      `SELECT seq, kind, id, waits_for AS "waitsFor", ref, received_at AS "receivedAt", problem FROM quarantine
       WHERE ($1::bigint IS NULL OR seq > $1) AND ($2::text IS NULL OR ref = $2) AND ($3::text IS NULL OR kind = $3)
       ORDER BY seq LIMIT $4`,
      [after, ref ?? null, kind ?? null, limit + 1],
    );
    const page = this.cursors.page('quarantine', rows, limit, ({ seq }) => seq);
    return { ...page, items: page.items.map(({ seq: _, ...item }) => item) };
  }
}
