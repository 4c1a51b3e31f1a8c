import { type Fields, fold, type Interval, state, type Statement } from '../../src/accounts/states/fold.js';
import type { Fact } from '../../src/demo/facts/fact.js';
import { recordKind } from '../../src/intake/kinds/kinds.js';
import { RecordReader } from '../../src/intake/records/record-document.js';
import { missingAtFirst, startOf } from '../../src/intake/records/record-fields.js';
import type { RecordKind, RecordKindName } from '../../src/intake/records/record-kind.js';

export interface RecordRows {
  readonly id: string;
  readonly statements: readonly Statement[];
  readonly intervals: readonly Interval[];
}

/** Reads and folds facts of one kind as intake does, without a database. Throws for facts that intake would reject. */
export class RecordFolder {
  private readonly kind: RecordKind;
  private readonly reader: RecordReader;

  constructor(name: RecordKindName) {
    this.kind = recordKind(name);
    this.reader = new RecordReader(this.kind);
  }

  /** Takes all facts of one account. `firstFactAt` (epoch ms): since when the account exists according to them. */
  fold(facts: Iterable<Fact>, arrivedAt: number): { records: RecordRows[]; firstFactAt: number } {
    const records = new Map<string, Statement[]>();
    let firstFactAt = Infinity;
    for (const fact of facts) {
      const read = this.reader.read(fact, { arrivedAt, replaces: false });
      if (!('input' in read)) throw new Error(`${this.kind.name}: ${JSON.stringify(read.problems)}`);
      const { input } = read;
      const known = records.get(input.id) ?? [];
      if (known.length === 0 && missingAtFirst(this.kind, input.fields) !== undefined)
        throw new Error(`${this.kind.name}: the first statement of ${input.id} is incomplete`);
      const start = startOf(this.kind, input.fields);
      const { statements, changed } = state(known, { ...input, start }, this.kind);
      if (changed === undefined) continue;
      records.set(input.id, statements);
      firstFactAt = Math.min(firstFactAt, start ?? changed.effectiveAt);
    }
    return {
      records: [...records].map(([id, statements]) => ({
        id,
        statements,
        intervals: fold(statements, this.kind),
      })),
      firstFactAt,
    };
  }

  get table(): string {
    return this.kind.table;
  }

  get name(): RecordKindName {
    return this.kind.name;
  }
}

export function externalIdsOf({ intervals }: RecordRows): string[] {
  const fields: Fields = intervals.at(-1)?.fields ?? {};
  const ids = fields['externalIds'];
  return Array.isArray(ids) ? ids.map(String) : [];
}
