import { IsIn, IsOptional } from 'class-validator';
import { PageQueryDto } from '../../platform/page-query.dto.js';
import { MODEL_KEYS, type ModelKey } from '../model/training/trained.js';
import { TrainingReportDto } from './training-report.dto.js';

export class ModelsQueryDto extends PageQueryDto {
  /** Only versions of this model */
  @IsOptional()
  @IsIn(MODEL_KEYS)
  key?: ModelKey;

  /** `true`: include versions created by score runs between trainings */
  @IsOptional()
  @IsIn(['true', 'false'])
  adjusted?: 'true' | 'false';
}

/** Predictions of a day against the outcomes of the following 90 days. */
export class DriftWindowDto {
  /** @example '2024-08-31' */
  asOf: string;
  accounts: number;
  /** How many of them had the outcome. */
  observed: number;
  /** Sum of the predicted probabilities. */
  expected: number;
  /** Observed ÷ expected: 1 is ideal; null if nothing was expected. */
  ratio: number | null;
  /** Lower end of the 90 % interval of `ratio`, from the random variation of the count. */
  ratioLow: number | null;
  ratioHigh: number | null;
  /** By how many logits the predictions are too low; null if none or all of the accounts had the outcome. */
  calibrationIntercept: number | null;
  /** Whether the difference is larger than chance explains, so that retraining is due. */
  stale: boolean;
}

export class ModelVersionDto {
  /** @example 'churn' */
  key: ModelKey;
  /** @example 3 */
  version: number;
  /** `prior`: scorecards or expansion signals, calibrated to base rates; `fitted`: learned from history. */
  basis: 'prior' | 'fitted';
  /** Whether the next score uses it. */
  inUse: boolean;
  /** Whether it was good enough to replace the version before it. */
  taken: boolean;
  /**
   * The UTC day of the facts it is based on
   * @example '2024-12-31'
   */
  asOf: string;
  createdAt: Date;
  /** Results of its training; null if it was created by a score run, without a training. */
  report: TrainingReportDto | null;
  /** How its predictions have held up since, at month-ends with known outcomes, newest first. */
  drift: DriftWindowDto[];
}

export class ModelVersionPage {
  items: ModelVersionDto[];
  /** Null on the last page */
  nextCursor: string | null;
}
