import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** Query parameters of every list. */
export class PageQueryDto {
  /** Maximum number of items to return */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit?: number = 100;

  /** `nextCursor` from the previous page. Default: the first page */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  cursor?: string;
}
