import type { Scorecard } from '../scorecard.js';
import { withCard } from './card-set.js';

const card = (key: string): Scorecard => ({
  key,
  bands: { green: 70, yellow: 40 },
  dimensions: [],
  caps: [],
});
const IN_USE = [
  { card: card('mine'), builtIn: false },
  { card: card('default'), builtIn: true },
  { card: card('trial'), builtIn: true },
];

describe(withCard.name, () => {
  it.each([
    ['a new card among those that people made', 'also', ['also', 'mine', 'default', 'trial']],
    ['a card in the place of its own', 'mine', ['mine', 'default', 'trial']],
    ['a built-in card among those that people made', 'default', ['default', 'mine', 'trial']],
  ])('puts %s', (_, key, order) => {
    const draft = card(key);
    const cards = withCard(IN_USE, draft);
    expect(cards.map((one) => one.card.key)).toEqual(order);
    expect(cards.find((one) => one.card.key === key)?.card).toBe(draft);
  });
});
