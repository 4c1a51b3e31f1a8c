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

/** Describes a kind of record; intake, imports, quarantine, merge and erasure have no code per kind. */
export interface RecordKind extends StateShape {
  readonly name: RecordKindName;
  /** The kind's folded table: its columns are the DTO's fields in snake_case. */
  readonly table: string;
  readonly dto: new () => object;
  /** Fields with the record's own start; the first one given is when its first state begins. */
  readonly start: readonly string[];
  /** Free text that may mention the contact the record refers to; cleared when that contact is erased. */
  readonly freeText: readonly string[];
}
