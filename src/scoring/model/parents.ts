import type { Band } from './scorecard.js';

export interface FamilyMember {
  readonly id: number;
  /** One that is not among the members counts as none. */
  readonly parentId: number | null;
  /** Whole minor units of one currency, not below 0; null: not known, which weighs nothing. */
  readonly mrr: number | null;
  /** Hundredths of a point. */
  readonly health: number | null;
  readonly band: Band;
}

/** An account with all that stands below it, itself included. */
export interface Subtree {
  readonly accounts: number;
  readonly mrr: number;
  /** Mean of the health of those with a band, weighted by MRR (all alike when none of them pays); null: none has a band. In hundredths. */
  readonly health: number | null;
  /** Share of the MRR that is with red accounts, in ten-thousandths; null if there is no MRR. */
  readonly redShare: number | null;
}

/**
 * Of every account that others stand below. Sums are whole numbers, so the order of the members changes nothing. Where parents go round
 * in a circle, the one with the smallest id is taken to have none.
 */
export function subtreesOf(members: readonly FamilyMember[]): Map<number, Subtree> {
  const parents = parentsOf(members);
  const sums = new Map(members.map((member) => [member.id, sumsOf(member)]));
  const childrenLeft = new Map<number, number>();
  for (const parent of parents.values()) childrenLeft.set(parent, (childrenLeft.get(parent) ?? 0) + 1);
  const heads = new Set(childrenLeft.keys());
  const ready = members.map(({ id }) => id).filter((id) => !heads.has(id));
  for (const id of ready) {
    const parent = parents.get(id);
    if (parent === undefined) continue;
    add(sums.get(parent), sums.get(id));
    const left = (childrenLeft.get(parent) ?? 0) - 1;
    childrenLeft.set(parent, left);
    if (left === 0) ready.push(parent);
  }
  const subtrees = new Map<number, Subtree>();
  for (const id of heads) {
    const sum = sums.get(id);
    if (sum) subtrees.set(id, subtreeFrom(sum));
  }
  return subtrees;
}

/** Without circles and without parents that are not there. */
function parentsOf(members: readonly FamilyMember[]): Map<number, number> {
  const ids = new Set(members.map(({ id }) => id));
  const parents = new Map<number, number>();
  for (const { id, parentId } of members) {
    if (parentId !== null && ids.has(parentId)) parents.set(id, parentId);
  }
  const settled = new Set<number>();
  for (const { id } of members) {
    const path: number[] = [];
    const onPath = new Set<number>();
    let at: number | undefined = id;
    while (at !== undefined && !settled.has(at) && !onPath.has(at)) {
      path.push(at);
      onPath.add(at);
      at = parents.get(at);
    }
    if (at !== undefined && onPath.has(at)) {
      const circle = path.slice(path.indexOf(at));
      parents.delete(circle.reduce((least, one) => Math.min(least, one)));
    }
    for (const one of path) settled.add(one);
  }
  return parents;
}

interface Sums {
  accounts: number;
  mrr: bigint;
  redMrr: bigint;
  /** Of those with a band. */
  known: bigint;
  knownMrr: bigint;
  health: bigint;
  weightedHealth: bigint;
}

function sumsOf({ mrr, health, band }: FamilyMember): Sums {
  const pays = BigInt(mrr ?? 0);
  const known = health !== null && band !== 'unknown';
  const points = known ? BigInt(health) : 0n;
  return {
    accounts: 1,
    mrr: pays,
    redMrr: band === 'red' ? pays : 0n,
    known: known ? 1n : 0n,
    knownMrr: known ? pays : 0n,
    health: points,
    weightedHealth: points * pays,
  };
}

function add(to: Sums | undefined, from: Sums | undefined): void {
  if (!to || !from) return;
  to.accounts += from.accounts;
  to.mrr += from.mrr;
  to.redMrr += from.redMrr;
  to.known += from.known;
  to.knownMrr += from.knownMrr;
  to.health += from.health;
  to.weightedHealth += from.weightedHealth;
}

function subtreeFrom({ accounts, mrr, redMrr, known, knownMrr, health, weightedHealth }: Sums): Subtree {
  return {
    accounts,
    mrr: Number(mrr),
    health: knownMrr > 0n ? rounded(weightedHealth, knownMrr) : known > 0n ? rounded(health, known) : null,
    redShare: mrr > 0n ? rounded(10_000n * redMrr, mrr) : null,
  };
}

/** Halves up; of whole numbers not below 0. */
function rounded(over: bigint, under: bigint): number {
  return Number((2n * over + under) / (2n * under));
}
