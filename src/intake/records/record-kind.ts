import type { StateShape } from '../../accounts/states/fold.js';

export const RECORD_KINDS = [
  'accounts',
  'contacts',
  'gauges',
  'subscriptions',
  'tickets',
  'invoices',
  'surveys',
  'activities',
  'milestones',
] as const;
export type RecordKindName = (typeof RECORD_KINDS)[number];

/** A kind of record is a description; intake, imports, quarantine, merge and erasure have no code of their own for any. */
export interface RecordKind extends StateShape {
  readonly name: RecordKindName;
  /** The kind's folded table: its columns are the DTO's fields in snake_case. */
  readonly table: string;
  readonly dto: new () => object;
  /** The record's own start, the first that is given: where its first state begins. */
  readonly start: readonly string[];
  /** Free text that may name the contact the record refers to; cleared when that contact is erased. */
  readonly freeText: readonly string[];
}
