import { Injectable } from '@nestjs/common';
import { randomFrom } from '../../model/ebm/random.js';
import type { Scorecard } from '../../model/scorecard.js';
import { proveCards } from '../../model/scorecards/card-proof.js';
import { withCard } from '../../model/scorecards/card-set.js';
import { evidenceText } from '../../model/scorecards/evidence-text.js';
import { type MeasureRows, MeasureRowsOf } from '../../model/scorecards/measure-rows.js';
import { PastHealth } from '../../model/scorecards/past-health.js';
import type { PastRows } from '../../model/scorecards/past-rows.js';
import { noProofText, proofText } from '../../model/scorecards/proof-text.js';
import { suggestWeights } from '../../model/scorecards/suggest-weights.js';
import { ScorecardsRepository, type StoredCard } from '../scorecards.repository.js';
import { noSuchCard } from '../scorecards.service.js';
import { inSlices } from './in-slices.js';
import { PastService } from './past.service.js';
import type { CardSuggestion, WithProof } from './proof.dto.js';

interface Card {
  readonly card: Scorecard;
}

export interface Suggested extends Omit<CardSuggestion, 'draft'> {
  readonly draft: Scorecard;
}

const FOLDS = 5;
const SEED = 2;

/** Scorecards held against who left. */
@Injectable()
export class ProofService {
  constructor(
    private readonly scorecards: ScorecardsRepository,
    private readonly past: PastService,
  ) {}

  async prove(before: readonly Card[], after: readonly Card[]): Promise<WithProof> {
    const past = await this.past.rows();
    const all = Int32Array.from(past.left.keys());
    const health = new PastHealth(past);
    await inSlices(all, (rows) => health.fill(after, rows));
    return this.proofOf(past, before, health);
  }

  /** Throws 404. */
  async suggest(key: string): Promise<Suggested> {
    const inUse = await this.scorecards.active();
    const card = inUse.find((one) => one.card.key === key)?.card;
    if (!card) throw noSuchCard();
    const past = await this.past.rows();
    const all = Int32Array.from(past.left.keys());
    const measures = new MeasureRowsOf(past, inUse, key);
    await inSlices(all, (rows) => measures.add(rows));
    const rows = measures.done();
    const { card: draft, evidence } = suggestWeights(card, past, rows);
    const heldOut = await this.heldOut(past, rows, { card, inUse });
    return {
      draft,
      evidence: evidence.map((one) => ({ ...one, supportedBy: evidenceText(one) })),
      ...(await this.proofOf(past, inUse, heldOut, { heldOut: true })),
    };
  }

  /** What suggested weights are worth: each account under those that were learned without it. */
  private async heldOut(
    past: PastRows,
    rows: MeasureRows,
    { card, inUse }: { card: Scorecard; inUse: readonly StoredCard[] },
  ): Promise<PastHealth> {
    const folds = past.account.map((account) => Math.floor(FOLDS * randomFrom(SEED, account)()));
    const health = new PastHealth(past);
    for (let fold = 0; fold < FOLDS; fold++) {
      const learned = suggestWeights(
        card,
        past,
        rowsWhere(rows, (row) => folds[row] !== fold),
      );
      const cards = withCard(inUse, learned.card);
      const held = Int32Array.from(past.left.keys()).filter((row) => folds[row] === fold);
      await inSlices(held, (some) => health.fill(cards, some));
    }
    return health;
  }

  private async proofOf(
    past: PastRows,
    before: readonly Card[],
    after: PastHealth,
    { heldOut = false } = {},
  ): Promise<WithProof> {
    const health = new PastHealth(past);
    await inSlices(Int32Array.from(past.left.keys()), (rows) => health.fill(before, rows));
    const proof = proveCards(past, health, after);
    return { proof, proofText: proof ? proofText(proof, { heldOut }) : noProofText(past) };
  }
}

function rowsWhere({ row, scores }: MeasureRows, taken: (row: number) => boolean): MeasureRows {
  const measures = row.length > 0 ? scores.length / row.length : 0;
  const places = Int32Array.from(row.keys()).filter((place) => taken(row[place] ?? 0));
  const kept = new Float32Array(places.length * measures);
  places.forEach((place, at) => {
    kept.set(scores.subarray(place * measures, (place + 1) * measures), at * measures);
  });
  return { row: places.map((place) => row[place] ?? 0), scores: kept };
}
