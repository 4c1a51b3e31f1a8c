import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Length,
} from 'class-validator';
import { IsInstant } from '../validation/rules.js';
import { SCOPES, type ScopeName } from './scopes.js';

export class NewApiKeyDto {
  /**
   * What the key is for; shown in lists and in the audit log
   * @example "production intake"
   */
  @IsString()
  @Length(1, 200)
  name: string;

  /**
   * What the key may do; `admin` includes all other scopes
   * @example ["ingest"]
   */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(SCOPES.length)
  @ArrayUnique()
  @IsIn(SCOPES, { each: true })
  @ApiProperty({
    type: 'array',
    items: { type: 'string', enum: [...SCOPES] },
    minItems: 1,
    maxItems: SCOPES.length,
  })
  scopes: ScopeName[];

  /**
   * When the key expires. Default: never
   * @example "2027-01-01T00:00:00Z"
   */
  @IsOptional()
  @IsInstant()
  expiresAt?: string | null;
}

export class ApiKeyDto {
  /** @example "Zk3rT9aQm2Lx" */
  id: string;
  /** @example "production intake" */
  name: string;
  /** @example ["ingest"] */
  scopes: string[];
  /** @example "2026-01-01T00:00:00.000Z" */
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

export class CreatedApiKeyDto extends ApiKeyDto {
  /**
   * The key itself. It is not stored and never shown again
   * @example "stw_Zk3rT9aQm2Lx_…"
   */
  key: string;
}

export class ApiKeyPageDto {
  items: ApiKeyDto[];
  /** Null on the last page */
  nextCursor: string | null;
}
