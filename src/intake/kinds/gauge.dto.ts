import { IsOptional } from 'class-validator';
import { IsInstant, IsKey, IsMeasure } from '../../platform/validation/rules.js';
import { RequiredAtFirst } from './required-at-first.js';

/** A level at a point in time, such as licences assigned or credits left; the newest counts. */
export class GaugeDto {
  /**
   * The sender's own id of the reading. Default: derived from account, name and time as sent, so a resend is no second
   * reading; the same reading under another id of the account is one.
   */
  @IsOptional()
  @IsKey()
  id?: string | null;

  /**
   * The account, by any of its ids. Required in the first state.
   * @example 'A-1'
   */
  @RequiredAtFirst()
  @IsKey()
  accountId?: string;

  /**
   * What is measured. Required in the first state.
   * @example 'licencesAssigned'
   */
  @RequiredAtFirst()
  @IsKey()
  name?: string;

  /**
   * The level, in a unit of the sender's. Required in the first state.
   * @example 41
   */
  @RequiredAtFirst()
  @IsMeasure(-1e15, 1e15)
  value?: number;

  /**
   * When the level was read. Required in the first state.
   * @example '2025-01-01T08:00:00Z'
   */
  @RequiredAtFirst()
  @IsInstant()
  at?: string;

  /** From when on this state is true. Default: `at` for the first state, else the arrival. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
