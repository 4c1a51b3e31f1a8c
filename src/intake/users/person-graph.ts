/** A person has at most this many user ids. A user with more is a shared or default id such as "guest", not a person. */
export const MAX_IDS_OF_PERSON = 10_000;

/**
 * The result of declaring an id an alias of a user. `linked`: new; `known`: nothing changed; `taken`: the id is already an alias of
 * another person; `circle`: the user is already an alias of that id.
 */
export type AliasVerdict = 'linked' | 'known' | 'taken' | 'circle' | 'too_many';

/** Which of a few user ids belong to the same person. Aliases are followed to their end; the first alias of an id wins. */
export class PersonGraph {
  private readonly moved: string[] = [];

  /** `ends` maps an alias to the end of its chain; `sizes` counts the aliases of each end. */
  constructor(
    private readonly ends: Map<string, string>,
    private readonly sizes: Map<string, number>,
  ) {}

  personOf(id: string): string {
    let person = id;
    for (let next = this.ends.get(person); next !== undefined; next = this.ends.get(person)) person = next;
    return person;
  }

  link(alias: string, userId: string): AliasVerdict {
    const [from, to] = [this.personOf(alias), this.personOf(userId)];
    if (from === to) return alias === to && alias !== userId ? 'circle' : 'known';
    if (alias !== from) return 'taken';
    const size = this.sizeOf(from) + this.sizeOf(to) + 1;
    if (size >= MAX_IDS_OF_PERSON) return 'too_many';
    this.ends.set(alias, to);
    this.sizes.set(to, size);
    this.moved.push(alias);
    return 'linked';
  }

  private sizeOf(person: string): number {
    return this.sizes.get(person) ?? 0;
  }

  /** The ids that became aliases, with the person each belongs to. */
  changes(): { alias: string; person: string }[] {
    return this.moved.map((alias) => ({ alias, person: this.personOf(alias) }));
  }
}
