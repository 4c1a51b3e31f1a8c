import { getMetadataStorage } from 'class-validator';
import type { Fields, Json } from '../../accounts/states/fold.js';
import { compileValidator, type Validator } from '../../platform/validation/compile.js';
import { parseInstant } from '../../platform/validation/instant.js';
import type { ProblemItem } from '../../platform/errors.js';
import { requiredAtFirst } from '../kinds/required-at-first.js';
import type { RecordKind } from './record-kind.js';
import type { RecordInput } from './records.service.js';

export interface Arrival {
  /** Epoch ms. */
  readonly arrivedAt: number;
  readonly replaces: boolean;
}

export type ReadRecord = { readonly input: RecordInput } | { readonly problems: ProblemItem[] };

/** Reads documents of one kind, with the same rules for PUT, imports and the accounts and contacts in Segment calls. */
export class RecordReader {
  private readonly merge: Validator;
  private readonly replace: Validator;
  private readonly instants: ReadonlySet<string>;

  constructor(private readonly kind: RecordKind) {
    this.merge = compileValidator(kind.dto, { unknownFields: 'refuse' });
    this.replace = compileValidator(kind.dto, {
      unknownFields: 'refuse',
      required: requiredAtFirst(kind.dto),
    });
    this.instants = new Set(
      getMetadataStorage()
        .getTargetValidationMetadatas(kind.dto, '', false, false)
        .filter((rule) => rule.name === 'isInstant')
        .map((rule) => rule.propertyName),
    );
  }

  read(document: unknown, { arrivedAt, replaces }: Arrival): ReadRecord {
    const problems = (replaces ? this.replace : this.merge)(document);
    if (problems !== null) return { problems };
    const { id, accountId, effectiveAt, ...rest } = document as Fields;
    const fields = Object.fromEntries(
      Object.entries(rest).map(([name, value]) => [name, this.normal(name, value)]),
    );
    const recordId = typeof id === 'string' ? id : derivedId(this.kind, accountId, fields);
    if (recordId === undefined) {
      return { problems: [{ code: 'missing', detail: 'id is required', pointer: '/id' }] };
    }
    return {
      input: {
        id: recordId,
        accountRef:
          this.kind.name === 'accounts' ? recordId : typeof accountId === 'string' ? accountId : undefined,
        effectiveAt: typeof effectiveAt === 'string' ? parseInstant(effectiveAt) : undefined,
        arrivedAt,
        replaces,
        fields,
      },
    };
  }

  /** Normalizes instants, so that the same statement in another time zone counts as identical. */
  private normal(name: string, value: Json): Json {
    if (!this.instants.has(name)) return value;
    if (Array.isArray(value)) return value.map((item) => this.normal(name, item)).sort();
    const ms = typeof value === 'string' ? parseInstant(value) : undefined;
    return ms === undefined ? value : new Date(ms).toISOString();
  }
}

/** A gauge reading needs no id: account, name and time identify it. */
function derivedId(kind: RecordKind, accountId: Json | undefined, { name, at }: Fields): string | undefined {
  if (kind.name !== 'gauges') return undefined;
  if (typeof accountId !== 'string' || typeof name !== 'string' || typeof at !== 'string') return undefined;
  return `${accountId} ${name} ${at}`;
}
