import { IsKey } from '../../platform/validation/rules.js';

export class MergeDto {
  /**
   * The account to keep, by any of its ids
   * @example 'A-2'
   */
  @IsKey()
  into: string;
}
