import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ProblemItem } from '../errors.js';
import { pointerStep } from '../validation/violation.js';

export interface ScanLimits {
  /** JSON values in all. */
  readonly maxValues: number;
  /** Items of one list, members of one object. */
  readonly maxMembers: number;
  /** Items of a list that is a member of the body itself. */
  readonly maxItems: number;
}

export interface Scanned {
  readonly problem: ProblemItem | null;
  readonly values: number;
  /** The text of the requested top-level member. */
  readonly found: string | null;
  /** The longest list among the top-level members. */
  readonly list: ScannedList | null;
}

/** Offsets in bytes; brackets and commas belong to no item. */
export interface ScannedList {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly items: readonly ScannedItem[];
}

export interface ScannedItem {
  readonly from: number;
  readonly to: number;
  readonly values: number;
}

/** Open levels take memory; how deep values may be nested is limited elsewhere. */
const MAX_OPEN = 100_000;
/** Longer pointers would not help anyone. */
const MAX_POINTER_STEPS = 64;

/** Takes a few tenths of a millisecond. */
const SLICE_BYTES = 128 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const OPEN_LIST = 0x5b;
const CLOSE_OBJECT = 0x7d;
const CLOSE_LIST = 0x5d;

/**
 * Scans JSON before it is parsed. Counts its values, since the cost of parsing depends on them rather than on bytes, and
 * finds the items of its longest list, so that they can be parsed one by one. Yields to other requests in between. Whether
 * it is valid JSON is left to the parser.
 */
export async function scanJson(bytes: Uint8Array, limits: ScanLimits, wanted?: string): Promise<Scanned> {
  const scan = new Scan(bytes, limits, wanted);
  while (scan.advance()) await nextTurn();
  return scan;
}

/** An open list or object. */
interface Level {
  readonly isList: boolean;
  /** After the bracket. */
  readonly from: number;
  /** Commas so far: the index of the current item. */
  index: number;
  /** Offsets of the current member's name, including quotes. */
  nameFrom: number;
  nameTo: number;
}

class Scan implements Scanned {
  problem: ProblemItem | null = null;
  found: string | null = null;
  list: ScannedList | null = null;
  private at = 0;
  values = 0;
  private readonly levels: Level[] = [];
  private textFrom = 0;
  private textTo = 0;
  private isWantedMember = false;
  private readonly wanted: Uint8Array | null;
  private items: ScannedItem[] = [];
  private itemFrom = 0;
  private itemValues = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly limits: ScanLimits,
    wanted: string | undefined,
  ) {
    this.wanted = wanted === undefined ? null : Buffer.from(JSON.stringify(wanted));
  }

  /** Scans one slice; returns false at the end or at the first problem. */
  advance(): boolean {
    const { bytes } = this;
    const end = Math.min(bytes.length, this.at + SLICE_BYTES);
    while (this.at < end && this.problem === null) {
      const byte = bytes[this.at++];
      if (byte === QUOTE) this.text();
      else if (byte === COMMA) this.comma();
      else if (byte === COLON) this.colon();
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.open(byte === OPEN_LIST);
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.close();
    }
    return this.problem === null && this.at < bytes.length;
  }

  private text(): void {
    const { bytes } = this;
    this.textFrom = this.at - 1;
    let at = this.at;
    while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    this.at = this.textTo = at + 1;
    if (this.isWantedMember && this.levels.length === 1) this.found = this.textAt(this.textFrom, this.textTo);
  }

  private colon(): void {
    const level = this.levels.at(-1);
    if (!level || level.isList) return;
    level.nameFrom = this.textFrom;
    level.nameTo = this.textTo;
    if (this.levels.length === 1 && this.wanted !== null) {
      const name = this.bytes.subarray(level.nameFrom, level.nameTo);
      this.isWantedMember = Buffer.compare(this.wanted, name) === 0;
    }
  }

  private comma(): void {
    const level = this.levels.at(-1);
    if (!level) return;
    this.isWantedMember = false;
    level.index++;
    this.count();
    if (this.isTopList(level)) this.endItem();
    const { maxMembers, maxItems } = this.limits;
    if (level.index >= (this.isTopList(level) ? maxItems : maxMembers)) this.refuseLength(level);
  }

  private open(isList: boolean): void {
    this.levels.push({ isList, from: this.at, index: 0, nameFrom: 0, nameTo: 0 });
    this.count();
    if (this.levels.length > MAX_OPEN)
      this.refuse('too_deep', `JSON must not be nested deeper than ${MAX_OPEN} levels`, MAX_OPEN);
    if (this.isTopList(this.levels.at(-1))) {
      this.items = [];
      this.itemFrom = this.at;
      this.itemValues = this.values;
    }
  }

  private close(): void {
    const level = this.levels.at(-1);
    if (level && this.isTopList(level)) {
      this.endItem();
      const to = this.at - 1;
      if (to - level.from > (this.list ? this.list.to - this.list.from : 0)) {
        const [object] = this.levels;
        const name = this.textAt(object?.nameFrom ?? 0, object?.nameTo ?? 0) ?? '';
        this.list = { name, from: level.from, to, items: this.items };
      }
    }
    this.levels.pop();
  }

  private isTopList(level: Level | undefined): boolean {
    return this.levels.length === 2 && level?.isList === true && this.levels[0]?.isList === false;
  }

  private endItem(): void {
    this.items.push({ from: this.itemFrom, to: this.at - 1, values: this.values - this.itemValues });
    this.itemFrom = this.at;
    this.itemValues = this.values;
  }

  private count(): void {
    if (++this.values <= this.limits.maxValues) return;
    this.refuse(
      'too_complex',
      `The body may hold ${this.limits.maxValues} values at most`,
      this.levels.length,
    );
  }

  private refuseLength(level: Level): void {
    const { maxMembers, maxItems } = this.limits;
    const depth = this.levels.length - 1;
    if (!level.isList) this.refuse('too_many', `An object may have at most ${maxMembers} members`, depth);
    else {
      const max = this.isTopList(level) ? maxItems : maxMembers;
      this.refuse('too_many', `This list may have at most ${max} items`, depth);
    }
  }

  /** `depth`: how many open levels the pointer includes. */
  private refuse(code: string, detail: string, depth: number): void {
    const steps = this.levels
      .slice(0, Math.min(depth, MAX_POINTER_STEPS))
      .map(({ isList, index, nameFrom, nameTo }) =>
        pointerStep(isList ? index : (this.textAt(nameFrom, nameTo) ?? '')),
      );
    this.problem = { code, detail, pointer: steps.join('') };
  }

  private textAt(from: number, to: number): string | null {
    try {
      const value: unknown = JSON.parse(Buffer.from(this.bytes.subarray(from, to)).toString());
      return typeof value === 'string' ? value : null;
    } catch {
      return null;
    }
  }
}
