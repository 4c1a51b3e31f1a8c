import { IsOptional } from 'class-validator';
import { IsInstant, IsKey, IsMeasure } from '../../platform/validation/rules.js';
import { RequiredAtFirst } from './required-at-first.js';

/** A level at a point in time, such as licenses assigned or credits left. The newest reading counts. */
export class GaugeDto {
  /**
   * Your id for the reading. Default: derived from account, name and time as sent, so sending a reading again adds none;
   * sending it under another id of the account does.
   */
  @IsOptional()
  @IsKey()
  id?: string | null;

  /**
   * Any id of the account. Required in the first state.
   * @example 'A-1'
   */
  @RequiredAtFirst()
  @IsKey()
  accountId?: string;

  /**
   * Name of the gauge. Required in the first state.
   * @example 'licencesAssigned'
   */
  @RequiredAtFirst()
  @IsKey()
  name?: string;

  /**
   * Level, in a unit of your choice. Required in the first state.
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

  /** When this state takes effect. Default: `at` for the first state, the time of arrival for later ones. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
