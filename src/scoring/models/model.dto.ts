import { IsIn, IsOptional } from 'class-validator';
import { PageQueryDto } from '../../platform/page-query.dto.js';
import { MODEL_KEYS, type ModelKey } from '../model/training/trained.js';
import { TrainingReportDto } from './training-report.dto.js';

export class ModelsQueryDto extends PageQueryDto {
  /** Only versions of this model */
  @IsOptional()
  @IsIn(MODEL_KEYS)
  key?: ModelKey;

  /** `true`: also those that score runs have made between trainings */
  @IsOptional()
  @IsIn(['true', 'false'])
  adjusted?: 'true' | 'false';
}

/** What was predicted on a day, against what came of it within 90 days. */
export class DriftWindowDto {
  /** @example '2024-08-31' */
  asOf: string;
  accounts: number;
  /** To how many of them it happened. */
  observed: number;
  /** The sum of their probabilities. */
  expected: number;
  /** Observed ÷ expected: 1 is right; null where nothing was expected. */
  ratio: number | null;
  /** With `ratioHigh` an interval of 90 %, for what chance does to the count alone. */
  ratioLow: number | null;
  ratioHigh: number | null;
  /** Logits that the probabilities are too low by; null where it happened to nobody, or to all. */
  calibrationIntercept: number | null;
  /** Whether the difference is more than chance: time to train anew. */
  stale: boolean;
}

export class ModelVersionDto {
  /** @example 'churn' */
  key: ModelKey;
  /** @example 3 */
  version: number;
  /** Where it comes from: `prior` is a judgement (the scorecards, the signals) adjusted to base rates, `fitted` is learned from history. */
  basis: 'prior' | 'fitted';
  /** Whether the next score is made by it. */
  inUse: boolean;
  /** Whether it was good enough to take the place of the one before. */
  taken: boolean;
  /**
   * The UTC day whose facts it was made from
   * @example '2024-12-31'
   */
  asOf: string;
  createdAt: Date;
  /** What its training found; null: adjusted by a score run, without a training. */
  report: TrainingReportDto | null;
  /** How its predictions have held since, on month-ends whose outcome is known; the newest first. */
  drift: DriftWindowDto[];
}

export class ModelVersionPage {
  items: ModelVersionDto[];
  /** Null at the end */
  nextCursor: string | null;
}
