/** A generator of numbers in [0, 1) (mulberry32). The same parts give the same numbers on every machine. */
export function randomFrom(...parts: readonly number[]): () => number {
  // FNV-1a over the parts; the generator itself separates nearby states.
  let state = 0x811c9dc5;
  for (const part of parts) state = Math.imul(state ^ part, 0x01000193) ^ (state >>> 15);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
