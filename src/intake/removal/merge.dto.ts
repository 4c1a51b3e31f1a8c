import { IsKey } from '../../platform/validation/rules.js';

export class MergeDto {
  /**
   * The account that stays, by any of its ids
   * @example 'A-2'
   */
  @IsKey()
  into: string;
}
