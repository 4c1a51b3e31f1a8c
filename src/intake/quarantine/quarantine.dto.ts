import { IsOptional } from 'class-validator';
import { PageQueryDto } from '../../platform/page-query.dto.js';
import { IsKey } from '../../platform/validation/rules.js';

export class QuarantineQueryDto extends PageQueryDto {
  /** Only what waits for this account id or user id */
  @IsOptional()
  @IsKey()
  ref?: string;

  /**
   * Only facts of this kind
   * @example 'tickets'
   */
  @IsOptional()
  @IsKey()
  kind?: string;
}

/** Why a fact could not be taken in although what it waited for has come. */
export class QuarantineProblem {
  code: string;
  detail: string;
  pointer?: string;
}

/** A fact that is kept, but in no figure, until its account is known. */
export class QuarantineItem {
  /** @example 'tickets' */
  kind: string;
  /** The record's own id; for an event the hash of its messageId. */
  id: string;
  waitsFor: 'account' | 'user';
  /** The id that is not known: it is taken in as soon as an account (or, for a user, its group) has it. */
  ref: string;
  receivedAt: Date;
  /** Null while it waits; else it stays here until it is sent again in order or deleted. */
  problem: QuarantineProblem | null;
}

export class QuarantinePage {
  items: QuarantineItem[];
  /** Null on the last page. */
  nextCursor: string | null;
}
