import { isUtf8 } from 'node:buffer';
import { DomainError, type ProblemItem } from '../errors.js';
import { forEachYielding } from '../for-each-yielding.js';
import { pointerStep } from '../validation/violation.js';
import type { BodyRules } from './body-rules.js';
import { unsafeJson } from './json-safety.js';
import { scanJson, type ScannedItem, type ScannedList } from './scan-json.js';

/** Small bodies are harmless, so they are parsed without a scan. Tracking calls have faster code, and there are many of them. */
const MAX_UNSCANNED_BYTES = 2 * 1024;
const MAX_UNSCANNED_CALL_BYTES = 64 * 1024;
/** Parsed in one go, which blocks the event loop; in larger bodies the longest list is parsed item by item. */
const MAX_WHOLE_BYTES = 256 * 1024;
/** Limits of one item of such a list. */
const MAX_ITEM_BYTES = 1024 * 1024;
const MAX_ITEM_VALUES = 50_000;

const BYTE_ORDER_MARK = '\ufeff';

/** Replaces an item of a long list that could not be parsed. The reader of the list rejects only that item. */
export class UnparsedItem {
  constructor(readonly problem: ProblemItem) {}
}

/** Throws 400, or 413 if the body is too large or complex, with a pointer. */
export async function parseJsonBody(bytes: Buffer, rules: BodyRules): Promise<unknown> {
  if (!isUtf8(bytes)) throw new DomainError('malformed_json', 400, 'The body is not UTF-8');
  const unscanned = rules.anyContentType ? MAX_UNSCANNED_CALL_BYTES : MAX_UNSCANNED_BYTES;
  const list = bytes.length > unscanned ? await longList(bytes, rules) : null;
  const value = list ? await parseByItem(bytes, list) : parse(bytes.toString('utf8'));
  // Events are validated one by one, so that a bad one does not fail the whole batch.
  if (rules.anyContentType) return value;
  const unsafe = unsafeJson(value, bytes.includes('\\u'));
  if (unsafe) throw new DomainError(unsafe.code, 400, unsafe.detail, { pointer: unsafe.pointer });
  return value;
}

async function longList(bytes: Buffer, rules: BodyRules): Promise<ScannedList | null> {
  const { problem, list, values } = await scanJson(bytes, rules);
  if (problem) throw new DomainError(problem.code, 413, problem.detail, { pointer: problem.pointer });
  expectSmallRest(list, bytes.length, values);
  return list !== null && list.to - list.from > MAX_WHOLE_BYTES ? list : null;
}

/** Everything outside the list is parsed in one go, so it is limited to the size of one item. */
function expectSmallRest(list: ScannedList | null, bytes: number, values: number): void {
  const valuesInList = list?.items.reduce((sum, item) => sum + item.values, 0) ?? 0;
  if (values - valuesInList > MAX_ITEM_VALUES) {
    const detail = `Apart from its longest list, the body may contain at most ${MAX_ITEM_VALUES} values`;
    throw new DomainError('too_complex', 413, detail);
  }
  if (bytes - (list ? list.to - list.from : 0) > MAX_ITEM_BYTES) {
    throw new DomainError(
      'payload_too_large',
      413,
      'Apart from its longest list, the body must not exceed 1 MB',
    );
  }
}

/** Marks where the list was cut out. */
const PLACEHOLDER = '\0 items';

async function parseByItem(bytes: Buffer, list: ScannedList): Promise<unknown> {
  const around = [bytes.subarray(0, list.from), JSON.stringify(PLACEHOLDER), bytes.subarray(list.to)];
  const value = parse(around.join('')) as Record<string, unknown>;
  const items: unknown[] = [];
  const isEmpty = list.items.length === 1 && bytes.toString('utf8', list.from, list.to).trim() === '';
  await forEachYielding(isEmpty ? [] : list.items, (item, index) =>
    items.push(parseItem(bytes, item, list, index)),
  );
  const place = Object.hasOwn(value, list.name) ? value[list.name] : undefined;
  // With duplicate names the last value counts.
  if (Array.isArray(place) && place[0] === PLACEHOLDER) value[list.name] = items;
  return value;
}

function parseItem(
  bytes: Buffer,
  { from, to, values }: ScannedItem,
  list: ScannedList,
  index: number,
): unknown {
  if (to - from > MAX_ITEM_BYTES) {
    return new UnparsedItem({ code: 'too_large', detail: 'An item must not exceed 1 MB' });
  }
  if (values > MAX_ITEM_VALUES) {
    return new UnparsedItem({
      code: 'too_complex',
      detail: `An item may contain at most ${MAX_ITEM_VALUES} values`,
    });
  }
  return parse(bytes.toString('utf8', from, to), pointerStep(list.name) + pointerStep(index));
}

/** `pointer` of the item being parsed. */
function parse(text: string, pointer?: string): unknown {
  try {
    return JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text) as unknown;
  } catch (error) {
    const position = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
    const where = position === undefined ? '' : ` at character ${position}`;
    const what = pointer === undefined ? 'The body' : 'The item';
    throw new DomainError('malformed_json', 400, `${what} is not JSON${where}`, {
      pointer,
      ...(position !== undefined && { extra: { position: Number(position) } }),
    });
  }
}
