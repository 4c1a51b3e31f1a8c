import { IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQueryDto } from '../page-query.dto.js';

export class AuditQueryDto extends PageQueryDto {
  /** Only changes to this path, such as `api-keys/Zk3rT9aQm2Lx` */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  target?: string;
}
