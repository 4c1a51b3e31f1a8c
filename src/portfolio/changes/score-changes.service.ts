import { Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/errors.js';
import { LOGIT_SCALE } from '../../scoring/model/churn-risk.js';
import type { AccountIds } from '../account/account-ids.repository.js';
import { healthOfDay, riskOfDay } from '../history/describe-day.js';
import { type StoredScore, StoredScoresRepository } from '../scores/stored-scores.repository.js';
import { compareHealth, compareRisk, type Comparison } from './compare-scores.js';
import type { Change, ComparedDay, Move, ScoreChanges } from './score-changes.dto.js';

@Injectable()
export class ScoreChangesService {
  constructor(private readonly stored: StoredScoresRepository) {}

  /** Compares the latest scores stored up to each day. Throws 404 `not_scored` if there is none. */
  async get({ accountId, id }: AccountIds, from: string, to: string): Promise<ScoreChanges> {
    const upTo = async (day: string, pointer: string): Promise<StoredScore> => {
      const score = (await this.stored.upTo([accountId], day)).get(accountId);
      if (score) return score;
      throw new DomainError('not_scored', 404, `This account has no score stored up to ${day}`, {
        pointer,
      });
    };
    const after = await upTo(to, '/to');
    return changesBetween(id, await upTo(from, '/from'), after);
  }

  /** The same for several accounts, by number; absent if no score is stored up to one of the days. */
  async all(accounts: readonly AccountIds[], from: string, to: string): Promise<Map<number, ScoreChanges>> {
    const numbers = accounts.map(({ accountId }) => accountId);
    const before = await this.stored.upTo(numbers, from);
    const after = await this.stored.upTo(numbers, to);
    const changes = new Map<number, ScoreChanges>();
    for (const { accountId, id } of accounts) {
      const [was, is] = [before.get(accountId), after.get(accountId)];
      if (was && is) changes.set(accountId, changesBetween(id, was, is));
    }
    return changes;
  }
}

export function changesBetween(accountId: string, from: StoredScore, to: StoredScore): ScoreChanges {
  return {
    accountId,
    from: dayOfScore(from),
    to: dayOfScore(to),
    health: inUnits(compareHealth(from, to), 100),
    churnRisk: inUnits(compareRisk(from, to), LOGIT_SCALE),
    moves: movesOf(from.score, to.score),
  };
}

function dayOfScore(stored: StoredScore): ComparedDay {
  const { asOf, score, card, model } = stored;
  return {
    asOf,
    health: healthOfDay(stored),
    churnRisk: riskOfDay(stored),
    status: score.status,
    tier: score.tier,
    stage: score.stage,
    scorecard: { key: card.card.key, version: card.version },
    model: { key: 'churn', version: model.version },
  };
}

function inUnits(comparison: Comparison | null, scale: number): Change | null {
  if (comparison === null) return null;
  return {
    difference: comparison.difference / scale,
    byDefinition: comparison.byDefinition / scale,
    byCustomer: comparison.byCustomer / scale,
    parts: comparison.parts.map((part) => ({ ...part, contribution: part.contribution / scale })),
  };
}

type Standing = Pick<StoredScore['score'], 'band' | 'status' | 'tier' | 'stage'>;

function movesOf(from: Standing, to: Standing): Move[] {
  const names = ['band', 'status', 'tier', 'stage'] as const;
  return names
    .filter((name) => from[name] !== to[name])
    .map((what) => ({ what, from: from[what], to: to[what] }));
}
