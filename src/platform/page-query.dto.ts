import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** What every list understands. */
export class PageQueryDto {
  /** How many items at most */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit?: number = 100;

  /** `nextCursor` of the page before; absent: the first page */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  cursor?: string;
}
