/** Why an item could not be read. `code` is stable; `detail` never quotes the input, which may contain personal data. */
export interface Problem {
  code: string;
  detail: string;
  pointer?: string;
}

export interface ReadItem {
  /** 1-based: the physical line where the item begins, or the element's place in a JSON array. */
  line: number;
  value: unknown;
  /** Of the input: about what it takes to hold the value. */
  bytes: number;
}

export interface RefusedItem {
  line: number;
  problem: Problem;
}

/** Always the last item. If not `complete`, the input ended at `line` and nothing after it was read. */
export interface Ending {
  line: number;
  complete: boolean;
  brokeOff?: Problem;
}

export type Item = ReadItem | RefusedItem | Ending;

export const isEnding = (item: Item): item is Ending => 'complete' in item;
