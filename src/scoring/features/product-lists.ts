const NONE: readonly string[] = [];

/** The products of many accounts, each list of them kept once: most accounts have one of a few. */
export class ProductLists {
  private readonly lists = new Map<string, readonly string[]>();

  /** Of a JSON array of names, in any order and any number of times; null: none. */
  of(json: string | null): readonly string[] {
    if (json === null) return NONE;
    const known = this.lists.get(json);
    if (known) return known;
    const list = [...new Set(JSON.parse(json) as string[])].sort();
    this.lists.set(json, list);
    return list;
  }
}
