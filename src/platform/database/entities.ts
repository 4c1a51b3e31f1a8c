/** Every entity, by name: a glob would find other files in `dist` than under Jest. */
export const entities: (new () => object)[] = [];
