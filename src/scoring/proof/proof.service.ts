import { Injectable } from '@nestjs/common';
import { randomFrom } from '../model/ebm/random.js';
import type { Scorecard } from '../model/scorecard.js';
import { proveCards } from '../model/scorecards/card-proof.js';
import { evidenceText } from '../model/scorecards/evidence-text.js';
import { type MeasureRows, MeasureRowsOf } from '../model/scorecards/measure-rows.js';
import { PastHealth } from '../model/scorecards/past-health.js';
import { pastAt, type PastRows } from '../model/scorecards/past-rows.js';
import { noProofText, proofText } from '../model/scorecards/proof-text.js';
import { suggestWeights } from '../model/scorecards/suggest-weights.js';
import { ScorecardsRepository } from '../scorecards/scorecards.repository.js';
import { scorecardNotFound } from '../scorecards/scorecards.service.js';
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

/** Tests scorecards against past churn. */
@Injectable()
export class ProofService {
  constructor(
    private readonly scorecards: ScorecardsRepository,
    private readonly past: PastService,
  ) {}

  async prove(before: readonly Card[], after: readonly Card[]): Promise<WithProof> {
    const past = await this.past.rows();
    const health = new PastHealth(past);
    await inSlices(allOf(past), (rows) => health.fill(after, rows));
    return proofOf(past, before, health);
  }

  /** Based on the accounts the scorecard applies to. Throws 404. */
  async suggest(key: string): Promise<Suggested> {
    const inUse = await this.scorecards.active();
    const card = inUse.find((one) => one.card.key === key)?.card;
    const keys = inUse.map((one) => one.card.key).join(', ');
    if (!card) throw scorecardNotFound(`No such scorecard in use: there are ${keys}`);
    const all = await this.past.rows();
    const collected = new MeasureRowsOf(all, inUse, key);
    await inSlices(allOf(all), (rows) => collected.add(rows));
    const { row, scores } = collected.done();
    const past = pastAt(all, row);
    const measures = { row: allOf(past), scores };
    const { card: draft, evidence } = suggestWeights(card, past, measures);
    const after = await heldOut(card, past, measures);
    return {
      draft,
      evidence: evidence.map((one) => ({ ...one, supportedBy: evidenceText(one) })),
      ...(await proofOf(past, [{ card }], after, { heldOut: true })),
    };
  }
}

/** Tests suggested weights: each account is scored with weights learned without it. */
async function heldOut(card: Scorecard, past: PastRows, measures: MeasureRows): Promise<PastHealth> {
  const folds = past.account.map((account) => Math.floor(FOLDS * randomFrom(SEED, account)()));
  const health = new PastHealth(past);
  for (let fold = 0; fold < FOLDS; fold++) {
    const learned = suggestWeights(
      card,
      past,
      rowsWhere(measures, (row) => folds[row] !== fold),
    );
    const held = allOf(past).filter((row) => folds[row] === fold);
    await inSlices(held, (rows) => health.fill([learned], rows));
  }
  return health;
}

async function proofOf(
  past: PastRows,
  before: readonly Card[],
  after: PastHealth,
  options: { heldOut?: boolean } = {},
): Promise<WithProof> {
  const health = new PastHealth(past);
  await inSlices(allOf(past), (rows) => health.fill(before, rows));
  const proof = proveCards(past, health, after);
  return { proof, proofText: proof ? proofText(proof, options) : noProofText(past) };
}

const allOf = ({ left }: PastRows): Int32Array => Int32Array.from(left.keys());

function rowsWhere({ row, scores }: MeasureRows, taken: (row: number) => boolean): MeasureRows {
  const measures = row.length > 0 ? scores.length / row.length : 0;
  const places = Int32Array.from(row.keys()).filter((place) => taken(row[place] ?? 0));
  const kept = new Float32Array(places.length * measures);
  places.forEach((place, at) => {
    kept.set(scores.subarray(place * measures, (place + 1) * measures), at * measures);
  });
  return { row: places.map((place) => row[place] ?? 0), scores: kept };
}
