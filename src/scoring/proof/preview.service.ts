import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { dayOf } from '../../platform/days.js';
import { NamesRepository } from '../scores/names.repository.js';
import { LayoutsRepository } from '../features/layouts.repository.js';
import { chooseCard } from '../model/choose-card.js';
import { evaluate, OVERRIDE } from '../model/evaluate.js';
import { withCard } from '../model/scorecards/card-set.js';
import type { Scorecard } from '../model/scorecard.js';
import { unpack, type UnpackedScore } from '../scores/packed-score.js';
import { ScoreDaysRepository } from '../runs/score-days.repository.js';
import type { ScoreRow } from '../scores/scores.repository.js';
import { ScorecardsService } from '../scorecards/scorecards.service.js';
import { type BandAndScore, type BandChange, BandChanges } from './band-changes.js';
import { ProofService } from './proof.service.js';
import type { CardPreview, ChangedAccount } from './proof.dto.js';
import { ScoredDayRepository } from './scored-day.repository.js';

const MAX_SHOWN = 100;

interface Card {
  readonly card: Scorecard;
  readonly scorecardId?: number;
}

/** Previews a scorecard before it is used: its effect on today's accounts, and how it would have predicted past churn. */
@Injectable()
export class PreviewService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly scorecards: ScorecardsService,
    private readonly days: ScoreDaysRepository,
    private readonly scored: ScoredDayRepository,
    private readonly layouts: LayoutsRepository,
    private readonly names: NamesRepository,
    private readonly proofs: ProofService,
    private readonly clock: Clock,
  ) {}

  /** Throws like `put`: 400 listing every invalid field, and 409. */
  async preview(definition: unknown): Promise<CardPreview> {
    const { card, inUse } = await this.scorecards.readDraft(definition);
    const after = withCard(inUse, card);
    const { manager } = this.dataSource;
    const day = await this.days.newest(manager, dayOf(this.clock.now()));
    const changes = new BandChanges(MAX_SHOWN);
    if (day) {
      for await (const rows of this.scored.chunks(manager, day.asOf)) {
        for (const row of rows) {
          const change = await this.changeOf(row, inUse, after);
          if (change) changes.add(change);
        }
      }
    }
    return {
      key: card.key,
      newCard: !inUse.some((one) => one.card.key === card.key),
      asOf: day?.asOf ?? null,
      bands: { before: changes.before, after: changes.after },
      changed: await this.named(changes.largest(), day?.currency ?? ''),
      changedTotal: changes.total,
      ...(await this.proofs.prove(inUse, after)),
    };
  }

  /** Null if the account has churned. */
  private async changeOf(
    row: ScoreRow,
    inUse: readonly Card[],
    after: readonly Card[],
  ): Promise<BandChange | null> {
    const { layout } = await this.layouts.get(row.layout_id);
    const score = unpack(layout, row);
    if (score.status === 'churned') return null;
    const [was, is] = [servedBy(inUse, score), servedBy(after, score)];
    const from = was.scorecardId === row.scorecard_id ? asStored(score) : healthUnder(was.card, score);
    const to = is.card === was.card ? from : healthUnder(is.card, score);
    return { accountId: row.account_id, mrr: row.mrr, from, to };
  }

  private async named(changes: readonly BandChange[], currency: string): Promise<ChangedAccount[]> {
    const names = await this.names.of(
      this.dataSource.manager,
      changes.map(({ accountId }) => accountId),
    );
    return changes.map(({ accountId, mrr, from, to }) => ({
      id: names.get(accountId)?.id ?? '',
      name: names.get(accountId)?.name ?? null,
      mrr: mrr === null ? null : { amount: mrr, currency },
      from: inPoints(from),
      to: inPoints(to),
    }));
  }
}

/** As in scoring, the first scorecard if none matches. */
function servedBy(cards: readonly Card[], score: UnpackedScore): Card {
  const card = chooseCard(cards, score) ?? cards[0];
  if (!card) throw new Error('there is no scorecard');
  return card;
}

const asStored = ({ health, band }: UnpackedScore): BandAndScore => ({ band, score: health });

/** An override stays in effect under another scorecard. */
function healthUnder(card: Scorecard, score: UnpackedScore): BandAndScore {
  const isSet = score.health !== null && score.adjustments.some(({ cap }) => cap === OVERRIDE);
  return evaluate(card, score, isSet ? { score: (score.health ?? 0) / 100 } : undefined);
}

function inPoints({ band, score }: BandAndScore): BandAndScore {
  return { band, score: score === null ? null : score / 100 };
}
