import fc from 'fast-check';
import { DEFAULT_CARDS } from './default-cards.js';
import { CATALOGUE } from './catalogue/catalogue.js';
import { type KnownNames, MAX_MEASURES, validateScorecard } from './validate-scorecard.js';

const known: KnownNames = {
  features: new Set(CATALOGUE.map(({ key }) => key)),
  tiers: new Set(['enterprise', 'smb']),
};
const measure = {
  feature: 'csat90',
  weight: 4,
  curve: [
    [2, 0],
    [5, 100],
  ],
};
const card = (overrides: object = {}): Record<string, unknown> => ({
  key: 'mine',
  bands: { green: 70, yellow: 40 },
  dimensions: [{ key: 'support', weight: 1, measures: [measure] }],
  caps: [],
  ...overrides,
});
const withMeasure = (overrides: object): unknown =>
  card({ dimensions: [{ key: 'support', weight: 1, measures: [{ ...measure, ...overrides }] }] });
const withCondition = (condition: unknown): unknown => withMeasure({ when: [condition] });
const withCap = (overrides: object): unknown =>
  card({
    caps: [{ key: 'low', limit: 39, when: [{ feature: 'csat90', below: 2 }], text: 'unhappy', ...overrides }],
  });
const M = '/dimensions/0/measures/0';
const W = `${M}/when/0`;

describe(validateScorecard.name, () => {
  const placesIn = (value: unknown): string[] =>
    validateScorecard(value, known).map(({ code, pointer }) => `${code} ${pointer}`);

  it.each<[string, unknown]>([
    ['the default card', DEFAULT_CARDS[0]],
    ['a small card', card()],
    [
      'a card for some',
      card({ name: 'Mine', appliesTo: { tiers: ['smb'], stages: ['onboarding'], statuses: ['trial'] } }),
    ],
    ['conditions on features', withCondition({ feature: 'csat90', atLeast: 1, below: 3 })],
    ['conditions on tenure', withCondition({ attribute: 'tenureDays', above: 60 })],
    ['conditions on names', withCondition({ attribute: 'tier', is: ['smb', 'enterprise'] })],
    ['caps', withCap({})],
  ])('accepts %s', (_, value) => expect(placesIn(value)).toEqual([]));

  it.each<[unknown, string[]]>([
    [null, ['wrong_type ']],
    [[], ['wrong_type ']],
    [{}, ['missing /key', 'missing /bands', 'missing /dimensions', 'missing /caps']],
    [card({ key: '1 a' }), ['malformed /key']],
    [card({ key: 7 }), ['wrong_type /key']],
    [card({ 'a/b~c': 1 }), ['unknown_field /a~1b~0c']],
    [card({ name: ' ' }), ['malformed /name']],
    [card({ name: 'a\ud800' }), ['malformed /name']],
    [card({ name: 'x'.repeat(201) }), ['too_long /name']],
    [card({ bands: { green: 40, yellow: 40 } }), ['out_of_range /bands/yellow']],
    [
      card({ bands: { green: 101, yellow: '40' } }),
      ['out_of_range /bands/green', 'wrong_type /bands/yellow'],
    ],
    [card({ appliesTo: { tiers: ['tiny'] } }), ['not_allowed /appliesTo/tiers/0']],
    [card({ appliesTo: { stages: [] } }), ['out_of_range /appliesTo/stages']],
    [card({ appliesTo: { statuses: ['trial', 'trial'] } }), ['not_allowed /appliesTo/statuses/1']],
    [card({ dimensions: [] }), ['out_of_range /dimensions']],
    [card({ dimensions: [{ key: 'a', weight: 1, measures: [] }] }), ['out_of_range /dimensions/0/measures']],
    [
      card({ dimensions: Array(2).fill({ key: 'a', weight: 1, measures: [measure] }) }),
      ['not_allowed /dimensions/1/key'],
    ],
    [
      card({
        dimensions: ['a', 'b'].map((key) => ({
          key,
          weight: 1,
          measures: Array(MAX_MEASURES).fill(measure),
        })),
      }),
      ['too_many /dimensions'],
    ],
    [withMeasure({ feature: 'luck' }), [`not_allowed ${M}/feature`]],
    [withMeasure({ weight: 0 }), [`out_of_range ${M}/weight`]],
    [withMeasure({ weight: -1 }), [`out_of_range ${M}/weight`]],
    [withMeasure({ weight: Infinity }), [`wrong_type ${M}/weight`]],
    [withMeasure({ curve: [] }), [`out_of_range ${M}/curve`]],
    [withMeasure({ curve: [[1, 2, 3]] }), [`too_many ${M}/curve/0`]],
    [withMeasure({ curve: [[1, 101]] }), [`out_of_range ${M}/curve/0/1`]],
    [
      withMeasure({
        curve: [
          [1, 0],
          [1, 10],
          [0, 20],
        ],
      }),
      [`out_of_range ${M}/curve/1/0`, `out_of_range ${M}/curve/2/0`],
    ],
    [withMeasure({ when: {} }), [`wrong_type ${M}/when`]],
    [withCondition({}), [`malformed ${W}`]],
    [withCondition({ feature: 'csat90', attribute: 'tier', is: ['smb'] }), [`malformed ${W}`]],
    [withCondition({ feature: 'csat90' }), [`missing ${W}`]],
    [withCondition({ feature: 'luck', below: 1 }), [`not_allowed ${W}/feature`]],
    [withCondition({ feature: 'csat90', below: '1' }), [`wrong_type ${W}/below`]],
    [withCondition({ feature: 'csat90', below: 1, is: ['smb'] }), [`not_allowed ${W}/is`]],
    [withCondition({ attribute: 'mood', is: ['good'] }), [`not_allowed ${W}/attribute`]],
    [withCondition({ attribute: 'tier' }), [`missing ${W}/is`]],
    [withCondition({ attribute: 'stage', is: ['late'] }), [`not_allowed ${W}/is/0`]],
    [withCondition({ attribute: 'status', is: ['trial'], below: 1 }), [`not_allowed ${W}/below`]],
    [withCap({ limit: 101 }), ['out_of_range /caps/0/limit']],
    [withCap({ when: [] }), ['out_of_range /caps/0/when']],
    [withCap({ when: undefined, text: undefined }), ['missing /caps/0/when', 'missing /caps/0/text']],
    [withCap({ feature: 'csat90' }), ['unknown_field /caps/0/feature']],
  ])('finds the errors in %j at %j', (value, places) => expect(placesIn(value)).toEqual(places));

  it('never throws', () => {
    const near = fc.oneof(
      fc.anything(),
      fc.record({
        key: fc.anything(),
        bands: fc.anything(),
        dimensions: fc.array(fc.anything()),
        caps: fc.anything(),
      }),
      fc.anything().map((weight) => withMeasure({ weight, curve: [weight], when: [weight] })),
    );
    fc.assert(fc.property(near, (value) => expect(placesIn(value)).toEqual(expect.any(Array))));
  });
});
