import { IsBoolean, IsOptional } from 'class-validator';
import { IsEmailAddress, IsText, IsTimeZoneName } from '../../platform/validation/rules.js';

export class CsmPutDto {
  /**
   * The name to show instead of the id. Default: none.
   * @example 'Kim Lee'
   */
  @IsOptional()
  @IsText(255)
  name?: string | null;

  /**
   * Email address. Default: none.
   * @example 'kim@example.com'
   */
  @IsOptional()
  @IsEmailAddress()
  email?: string | null;

  /**
   * The time zone the CSM works in. Default: UTC.
   * @example 'Europe/Berlin'
   */
  @IsOptional()
  @IsTimeZoneName()
  timeZone?: string | null;

  /** Whether to send the daily digest by mail. Default: false. */
  @IsOptional()
  @IsBoolean()
  digest?: boolean | null;
}

/** A customer-success manager. */
export class CsmDto {
  /**
   * The value of `csm` on accounts.
   * @example 'kim@example.com'
   */
  csm: string;
  name: string | null;
  email: string | null;
  /** Null for UTC. */
  timeZone: string | null;
  digest: boolean;
  updatedAt: Date;
}

export class CsmPageDto {
  items: CsmDto[];
  /** Null on the last page. */
  nextCursor: string | null;
}
