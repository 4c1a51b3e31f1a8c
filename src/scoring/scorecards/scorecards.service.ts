import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { inTransaction } from '../../platform/database/transaction.js';
import { dayOf } from '../../platform/days.js';
import { DomainError } from '../../platform/errors.js';
import { expectMatch } from '../../platform/http/entity-tag.js';
import { Settings } from '../../platform/settings.js';
import { expectValid } from '../expect-valid.js';
import { catalogueOf } from '../features/catalogue.js';
import type { Scorecard } from '../model/scorecard.js';
import { type KnownNames, validateScorecard } from '../model/validate-scorecard.js';
import { ScoreRunsRepository } from '../queue/score-runs.repository.js';
import { sameJson, ScorecardsRepository, type StoredCard } from './scorecards.repository.js';

/** Every account is matched against all scorecards. */
const MAX_CARDS = 200;

const DRAFT = 'draft';

export interface CardChange {
  readonly actor: string;
  readonly ifMatch: string | undefined;
}

export interface PutCard {
  readonly stored: StoredCard;
  readonly created: boolean;
  /** Null if nothing changed. */
  readonly scoreRunId: string | null;
}

@Injectable()
export class ScorecardsService {
  private readonly known: KnownNames;

  constructor(
    private readonly dataSource: DataSource,
    private readonly cards: ScorecardsRepository,
    private readonly runs: ScoreRunsRepository,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    settings: Settings,
  ) {
    this.known = {
      features: new Set(catalogueOf(settings).map(({ key }) => key)),
      tiers: new Set(settings.tierLimits.map(({ tier }) => tier)),
    };
  }

  /** Throws 404. */
  async get(key: string, version: number | null): Promise<StoredCard> {
    const found = await this.cards.find(this.dataSource.manager, key, version);
    if (!found && version !== null)
      throw scorecardNotFound('There is no such version of a scorecard', '/version');
    if (!found) throw scorecardNotFound();
    return found;
  }

  /**
   * Creates a new version if the definition differs from the latest, so retries are safe. Throws 400 listing every invalid field, 409, 412 and 428.
   */
  async put(key: string, definition: unknown, { actor, ifMatch }: CardChange): Promise<PutCard> {
    const card = this.read(key, definition);
    return this.change(async (manager, newest) => {
      const before = newest.find((one) => one.card.key === key && !one.retired);
      if (before && sameJson(before.card, card)) {
        return { stored: before, created: false, scoreRunId: null };
      }
      expectMatch(ifMatch, before?.version ?? null);
      const others = newest.filter((one) => one.card.key !== key && !one.retired);
      expectUsable(
        others.map((one) => one.card),
        card,
      );
      const stored = await this.store(manager, card, { retired: false });
      const action = before ? 'scorecard.updated' : 'scorecard.created';
      const scoreRunId = await this.follow(manager, { actor, action, stored });
      return { stored, created: !before, scoreRunId };
    });
  }

  /**
   * An unstored draft and the scorecards in use, in order of precedence. Throws like `put`. Without a key, the draft is an additional scorecard.
   */
  async readDraft(definition: unknown): Promise<{ card: Scorecard; inUse: StoredCard[] }> {
    const card = this.checked(isObject(definition) ? { key: DRAFT, ...definition } : definition);
    const inUse = await this.cards.active();
    const others = inUse.map((one) => one.card).filter(({ key }) => key !== card.key);
    expectUsable(others, card);
    return { card, inUse };
  }

  /** Retires a scorecard. Its versions are kept because scores refer to them. Retiring it again has no effect. */
  async retire(key: string, { actor, ifMatch }: CardChange): Promise<void> {
    await this.change(async (manager, newest) => {
      const before = newest.find((one) => one.card.key === key);
      if (!before) throw scorecardNotFound();
      if (before.retired) return;
      expectMatch(ifMatch, before.version);
      const left = newest.filter((one) => one !== before && !one.retired);
      expectOneForAll(left.map((one) => one.card));
      const stored = await this.store(manager, before.card, { retired: true });
      await this.follow(manager, { actor, action: 'scorecard.retired', stored });
    });
  }

  private change<T>(work: (manager: EntityManager, newest: StoredCard[]) => Promise<T>): Promise<T> {
    return inTransaction(this.dataSource, async (manager) => {
      await this.cards.lock(manager);
      return work(manager, await this.cards.newest(manager));
    });
  }

  private async store(
    manager: EntityManager,
    card: Scorecard,
    { retired }: { retired: boolean },
  ): Promise<StoredCard> {
    const stored = await this.cards.add(manager, card, { retired });
    if (!stored) throw new Error('the scorecard was not stored');
    return stored;
  }

  /** In the transaction of the change: audits it and queues a run that scores all accounts with the current scorecards. */
  private async follow(
    manager: EntityManager,
    { actor, action, stored }: { actor: string; action: string; stored: StoredCard },
  ): Promise<string> {
    const { card, version } = stored;
    await this.audit.record(manager, {
      actor,
      action,
      target: `scorecards/${card.key}`,
      detail: { version },
    });
    return this.runs.request(manager, dayOf(this.clock.now()));
  }

  private read(key: string, definition: unknown): Scorecard {
    const given: unknown = isObject(definition) && 'key' in definition ? definition.key : key;
    if (given !== key) {
      throw new DomainError('key_differs', 400, '`key` must equal the key in the path', { pointer: '/key' });
    }
    return this.checked(isObject(definition) ? { ...definition, key } : definition);
  }

  private checked(card: unknown): Scorecard {
    expectValid(validateScorecard(card, this.known));
    return card as Scorecard;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function expectUsable(others: readonly Scorecard[], card: Scorecard): void {
  if (others.length >= MAX_CARDS) {
    throw new DomainError('too_many', 409, `At most ${MAX_CARDS} scorecards may be in use, retire one first`);
  }
  expectOneForAll([...others, card]);
}

/** An account that no card matches would have no score. */
function expectOneForAll(cards: readonly Scorecard[]): void {
  const isForAll = ({ appliesTo = {} }: Scorecard): boolean =>
    !appliesTo.tiers && !appliesTo.stages && !appliesTo.statuses;
  if (cards.some(isForAll)) return;
  throw new DomainError(
    'no_card_for_all',
    409,
    'This is the only scorecard that covers all accounts; keep one without tier, stage and status',
  );
}

export function scorecardNotFound(detail = 'No scorecard has this key', pointer = '/key'): DomainError {
  return new DomainError('not_found', 404, detail, { pointer });
}
