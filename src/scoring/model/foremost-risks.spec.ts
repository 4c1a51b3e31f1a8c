import { RiskLines } from './foremost-risks.js';

describe(RiskLines.name, () => {
  const sut = new RiskLines(['nps', 'seats', 'activeDays7', 'nps', 'activeDays28', 'csat90']);

  it('adds up lines with the same text and names the strongest', () => {
    expect(sut.raising([0.3, 0.4, 0.1, 0.2, 0.25, -2], 3)).toEqual([
      { feature: 'nps', contribution: 5_000 },
      { feature: 'seats', contribution: 4_000 },
      { feature: 'activeDays28', contribution: 3_500 },
    ]);
    expect(sut.raising([0.3, 0.4, 0.1, 0.2, 0.25, -2], 1)).toEqual([{ feature: 'nps', contribution: 5_000 }]);
  });

  it('keeps nothing from the account before', () => {
    sut.raising([9, 9, 9, 9, 9, 9], 6);
    expect(sut.raising([0, 0, 0, 0, 0, 0.06], 6)).toEqual([{ feature: 'csat90', contribution: 600 }]);
  });

  it('omits weak risks and those offset by the same feature', () => {
    expect(sut.raising([0.5, 0.04, 0, -0.48, 0, 0], 6)).toEqual([]);
  });
});
