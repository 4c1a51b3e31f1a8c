import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scope } from '../../platform/auth/scopes.js';
import { SourceList } from './sources.dto.js';
import { SourceWatchService } from './source-watch.service.js';

@ApiTags('Portfolio')
@Scope('read')
@Controller('v1/portfolio/sources')
export class SourcesController {
  constructor(private readonly watch: SourceWatchService) {}

  /**
   * When each kind of fact last came in, against its usual pace
   * @remarks Looked at about every minute. A source without facts for more than three usual gaps, and more than three days, is silent: what is
   * measured from it is unknown rather than bad.
   */
  @Get()
  async list(): Promise<SourceList> {
    return { items: await this.watch.list(), nextCursor: null };
  }
}
