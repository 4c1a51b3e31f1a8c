/** Why something was not read. `code` is stable; `detail` never quotes the input, which may name people. */
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

/** Always the last item. Not `complete`: the input broke off at `line`, and nothing from there on was read. */
export interface Ending {
  line: number;
  complete: boolean;
  brokeOff?: Problem;
}

export type Item = ReadItem | RefusedItem | Ending;

export const isEnding = (item: Item): item is Ending => 'complete' in item;
