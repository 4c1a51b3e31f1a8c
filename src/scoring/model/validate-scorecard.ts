import { NAMED_ATTRIBUTES } from './condition.js';
import { type Problem, ProblemList } from './problems.js';
import { ACCOUNT_STATUSES, STAGES } from './scored-account.js';

/** Features and tiers a scorecard may refer to. */
export interface KnownNames {
  readonly features: ReadonlySet<string>;
  readonly tiers: ReadonlySet<string>;
}

/** Limited because results are stored per account and day. */
export const MAX_DIMENSIONS = 20;
export const MAX_MEASURES = 60;
export const MAX_CAPS = 30;
export const MAX_CORNERS = 20;
export const MAX_CONDITIONS = 10;
export const MAX_NAMES = 50;
const MAX_WEIGHT = 1_000;
export const MAX_CHARACTERS = 200;
const KEY = /^[a-z][a-z0-9-]{0,62}$/i;
const SCORE = { min: 0, max: 100 };
const WEIGHT = { min: 0, max: MAX_WEIGHT };
const ANY = { min: -1e12, max: 1e12 };

/** Lists all problems of a scorecard, with pointers; empty if it is a valid `Scorecard`. */
export function validateScorecard(card: unknown, known: KnownNames): Problem[] {
  const problems = new ProblemList();
  const check = new CardCheck(problems, known);
  check.card(card);
  return problems.found;
}

class CardCheck {
  private measures = 0;

  constructor(
    private readonly problems: ProblemList,
    private readonly known: KnownNames,
  ) {}

  card(value: unknown): void {
    const card = this.problems.object(
      value,
      '',
      ['key', 'bands', 'dimensions', 'caps'],
      ['name', 'appliesTo'],
    );
    if (!card) return;
    this.key(card.key, '/key');
    if (card.name !== undefined) this.problems.text(card.name, '/name', MAX_CHARACTERS);
    if (card.appliesTo !== undefined) this.appliesTo(card.appliesTo);
    this.bands(card.bands);
    this.dimensions(card.dimensions);
    this.caps(card.caps);
  }

  private appliesTo(value: unknown): void {
    const who = this.problems.object(value, '/appliesTo', [], ['tiers', 'stages', 'statuses']);
    if (!who) return;
    if (who.tiers !== undefined) this.names(who.tiers, '/appliesTo/tiers', this.known.tiers);
    if (who.stages !== undefined) this.names(who.stages, '/appliesTo/stages', new Set(STAGES));
    if (who.statuses !== undefined)
      this.names(who.statuses, '/appliesTo/statuses', new Set(ACCOUNT_STATUSES));
  }

  private bands(value: unknown): void {
    const bands = this.problems.object(value, '/bands', ['green', 'yellow'], []);
    if (!bands) return;
    const green = this.problems.number(bands.green, '/bands/green', SCORE);
    const yellow = this.problems.number(bands.yellow, '/bands/yellow', SCORE);
    if (green !== null && yellow !== null && yellow >= green) {
      this.problems.add('/bands/yellow', 'out_of_range', 'Must be below /bands/green');
    }
  }

  private dimensions(value: unknown): void {
    const keys = new Set<string>();
    const all = this.problems.list(value, '/dimensions', { min: 1, max: MAX_DIMENSIONS });
    all.forEach((one, index) => {
      const at = `/dimensions/${index}`;
      const dimension = this.problems.object(one, at, ['key', 'weight', 'measures'], []);
      if (!dimension) return;
      this.problems.once(this.key(dimension.key, `${at}/key`), keys, `${at}/key`);
      this.weight(dimension.weight, `${at}/weight`);
      const measures = this.problems.list(dimension.measures, `${at}/measures`, {
        min: 1,
        max: MAX_MEASURES,
      });
      measures.forEach((measure, place) => this.measure(measure, `${at}/measures/${place}`));
    });
    if (this.measures > MAX_MEASURES) {
      this.problems.add(
        '/dimensions',
        'too_many',
        `A scorecard must not have more than ${MAX_MEASURES} measures`,
      );
    }
  }

  private measure(value: unknown, at: string): void {
    this.measures++;
    const measure = this.problems.object(value, at, ['feature', 'weight', 'curve'], ['when']);
    if (!measure) return;
    this.feature(measure.feature, `${at}/feature`);
    this.weight(measure.weight, `${at}/weight`);
    this.curve(measure.curve, `${at}/curve`);
    if (measure.when !== undefined) this.conditions(measure.when, `${at}/when`, 0);
  }

  private curve(value: unknown, at: string): void {
    let before = -Infinity;
    this.problems.list(value, at, { min: 1, max: MAX_CORNERS }).forEach((corner, index) => {
      const here = `${at}/${index}`;
      const pair = this.problems.list(corner, here, { min: 2, max: 2 });
      if (pair.length < 2) return;
      const from = this.problems.number(pair[0], `${here}/0`, ANY);
      this.problems.number(pair[1], `${here}/1`, SCORE);
      if (from === null) return;
      if (from <= before) {
        this.problems.add(`${here}/0`, 'out_of_range', 'Values must be in ascending order');
      }
      before = Math.max(before, from);
    });
  }

  private caps(value: unknown): void {
    const keys = new Set<string>();
    this.problems.list(value, '/caps', { min: 0, max: MAX_CAPS }).forEach((one, index) => {
      const at = `/caps/${index}`;
      const cap = this.problems.object(one, at, ['key', 'limit', 'when', 'text'], []);
      if (!cap) return;
      this.problems.once(this.key(cap.key, `${at}/key`), keys, `${at}/key`);
      this.problems.number(cap.limit, `${at}/limit`, SCORE);
      this.conditions(cap.when, `${at}/when`, 1);
      this.problems.text(cap.text, `${at}/text`, MAX_CHARACTERS);
    });
  }

  private conditions(value: unknown, at: string, min: number): void {
    const all = this.problems.list(value, at, { min, max: MAX_CONDITIONS });
    all.forEach((one, index) => this.condition(one, `${at}/${index}`));
  }

  private condition(value: unknown, at: string): void {
    const fields = ['feature', 'attribute', 'is', ...BOUNDS];
    const condition = this.problems.object(value, at, [], fields);
    if (!condition) return;
    const { feature, attribute } = condition;
    if ((feature === undefined) === (attribute === undefined)) {
      this.problems.add(at, 'malformed', 'A condition must have either `feature` or `attribute`');
      return;
    }
    const named = NAMED_ATTRIBUTES.find((name) => name === attribute);
    if (named) {
      this.names(condition.is, `${at}/is`, this.valuesOf(named));
      this.forbid(condition, BOUNDS, at, `A condition on ${named} takes only \`is\``);
      return;
    }
    if (feature !== undefined) this.feature(feature, `${at}/feature`);
    else if (attribute !== 'tenureDays') {
      const names = [...NAMED_ATTRIBUTES, 'tenureDays'].join(', ');
      this.problems.add(`${at}/attribute`, 'not_allowed', `Must be one of ${names}`);
      return;
    }
    this.forbid(condition, ['is'], at, 'A numeric condition takes bounds, not `is`');
    const given = BOUNDS.filter((bound) => condition[bound] !== undefined);
    if (given.length === 0) this.problems.add(at, 'missing', `Needs at least one of ${BOUNDS.join(', ')}`);
    for (const bound of given) this.problems.number(condition[bound], `${at}/${bound}`, ANY);
  }

  private forbid(condition: object, fields: readonly string[], at: string, detail: string): void {
    for (const field of fields) {
      if (Object.hasOwn(condition, field)) this.problems.add(`${at}/${field}`, 'not_allowed', detail);
    }
  }

  private valuesOf(attribute: (typeof NAMED_ATTRIBUTES)[number]): ReadonlySet<string> {
    if (attribute === 'tier') return this.known.tiers;
    return new Set<string>(attribute === 'stage' ? STAGES : ACCOUNT_STATUSES);
  }

  private names(value: unknown, at: string, allowed: ReadonlySet<string>): void {
    const seen = new Set<string>();
    this.problems.list(value, at, { min: 1, max: MAX_NAMES }).forEach((one, index) => {
      const here = `${at}/${index}`;
      const name = this.problems.text(one, here, MAX_CHARACTERS);
      if (name === null) return;
      if (!allowed.has(name)) {
        this.problems.add(here, 'not_allowed', `Must be one of ${[...allowed].join(', ')}`);
      }
      this.problems.once(name, seen, here);
    });
  }

  private feature(value: unknown, at: string): void {
    const feature = this.problems.text(value, at, MAX_CHARACTERS);
    if (feature !== null && !this.known.features.has(feature)) {
      this.problems.add(at, 'not_allowed', 'Unknown feature: GET /v1/features lists all');
    }
  }

  private weight(value: unknown, at: string): void {
    if (this.problems.number(value, at, WEIGHT) === 0) {
      this.problems.add(at, 'out_of_range', 'Must be above 0; leave out what should not count');
    }
  }

  private key(value: unknown, at: string): string | null {
    const key = this.problems.text(value, at, MAX_CHARACTERS);
    if (key === null || KEY.test(key)) return key;
    this.problems.add(
      at,
      'malformed',
      'Must be up to 63 letters, digits and hyphens, starting with a letter',
    );
    return null;
  }
}

const BOUNDS = ['atLeast', 'atMost', 'below', 'above'] as const;
