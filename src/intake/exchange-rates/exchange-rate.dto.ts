import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsNumber,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsCurrencyCode } from '../../platform/validation/rules.js';

/** From `day` on, one unit of `base` is worth `rate` units of `quote`. */
export class ExchangeRateDto {
  @ApiProperty({ example: 'EUR' })
  @IsCurrencyCode()
  base: string;

  /** @example 'USD' */
  @IsCurrencyCode()
  quote: string;

  /**
   * First UTC day on which the rate applies, until a newer rate
   * @example '2024-12-31'
   */
  @Matches(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, {
    message: 'day must be a date such as 2024-12-31',
  })
  day: string;

  /** @example 1.0389 */
  @IsNumber({}, { message: 'rate must be a number above 0, such as 1.0389' })
  @Min(1e-12)
  @Max(1e12)
  rate: number;
}

/** In one request. */
export const MAX_RATES = 10_000;

export class ExchangeRatesDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_RATES)
  @ValidateNested({ each: true })
  @Type(() => ExchangeRateDto)
  @ApiProperty({ maxItems: MAX_RATES })
  rates: ExchangeRateDto[];
}

export class ExchangeRatePageDto {
  items: ExchangeRateDto[];
  /** Null on the last page */
  nextCursor: string | null;
}
