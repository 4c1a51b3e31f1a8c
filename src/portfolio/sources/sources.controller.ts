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
   * List data sources and when each last sent data
   * @remarks Checked about once a minute. A source is silent when it has sent nothing for more than three days and more than three times its usual gap. Its measures then count as unknown rather than bad.
   */
  @Get()
  async list(): Promise<SourceList> {
    return { items: await this.watch.list(), nextCursor: null };
  }
}
