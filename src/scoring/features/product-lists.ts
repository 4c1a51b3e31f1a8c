const NONE: readonly string[] = [];

/** Interns the product lists of many accounts: most accounts have one of a few lists. */
export class ProductLists {
  private readonly lists = new Map<string, readonly string[]>();

  /** Parses a JSON array of names with any order and repeats; null means none. */
  of(json: string | null): readonly string[] {
    if (json === null) return NONE;
    const known = this.lists.get(json);
    if (known) return known;
    const list = [...new Set(JSON.parse(json) as string[])].sort();
    this.lists.set(json, list);
    return list;
  }
}
