import { IsOptional } from 'class-validator';
import { PageQueryDto } from '../../platform/page-query.dto.js';
import { IsKey } from '../../platform/validation/rules.js';

export class QuarantineQueryDto extends PageQueryDto {
  /** Only facts waiting for this account id or user id */
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

/** Why a fact could not be processed after its account became known. */
export class QuarantineProblem {
  code: string;
  detail: string;
  pointer?: string;
}

/** A fact that is stored but not counted until its account is known. */
export class QuarantineItem {
  /** @example 'tickets' */
  kind: string;
  /** The record's id; for an event, the hash of its messageId. */
  id: string;
  waitsFor: 'account' | 'user';
  /** The unknown id. The fact is processed as soon as an account with this id, or a group for this user, is known. */
  ref: string;
  receivedAt: Date;
  /** Null while it waits. If set, the fact stays here until it is sent again corrected, or deleted. */
  problem: QuarantineProblem | null;
}

export class QuarantinePage {
  items: QuarantineItem[];
  /** Null on the last page. */
  nextCursor: string | null;
}
