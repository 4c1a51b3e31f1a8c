import { agreeing } from './agreeing-features.js';

const USED = { daysSinceLastUse: 1, activeDays7: 5, activeDays28: 20, activeDays90: 60, events28: 90 };
const IDLE = { daysSinceLastUse: 95, activeDays7: 0, activeDays28: 0, activeDays90: 0, events28: 0 };

describe(agreeing.name, () => {
  it.each([
    [{ overdueDays: 0 }, { overdueInvoices: 0 }],
    [{ overdueInvoices: 0 }, { overdueDays: 0 }],
    [{ overdueDays: 60 }, {}],
    [{ overdueDays: 0, overdueInvoices: 1 }, {}],
  ])('of two overdue invoices %j brings %j', (given, along) => {
    expect(agreeing({ overdueDays: 36.5, overdueInvoices: 2 }, given)).toEqual(along);
  });

  it('opens the least there can be', () => {
    const stored = { openUrgent: 0, oldestUrgentDays: 0, openTickets: 0 };
    expect(agreeing(stored, { oldestUrgentDays: 9 })).toEqual({ openUrgent: 1, openTickets: 1 });
    expect(agreeing(stored, { openUrgent: 3 })).toEqual({ oldestUrgentDays: 0.1, openTickets: 3 });
    expect(agreeing({ ...stored, openTickets: 7 }, { openUrgent: 3 })).toEqual({ oldestUrgentDays: 0.1 });
  });

  it('ends the use on the day it is said to end, and begins it', () => {
    expect(agreeing(USED, { daysSinceLastUse: 10 })).toEqual({ activeDays7: 0 });
    expect(agreeing(USED, { daysSinceLastUse: 40 })).toEqual({
      activeDays7: 0,
      activeDays28: 0,
      events28: 0,
    });
    expect(agreeing(IDLE, { daysSinceLastUse: 3 })).toEqual({
      activeDays7: 1,
      activeDays28: 1,
      activeDays90: 1,
      events28: 1,
    });
    expect(agreeing(IDLE, { daysSinceLastUse: 3, activeDays7: 4 })).toEqual({
      activeDays28: 4,
      activeDays90: 4,
      events28: 4,
    });
    expect(agreeing(USED, { activeDays28: 25 })).toEqual({});
    expect(agreeing({ ...USED, activeDays7: 2 }, { activeDays28: 25 })).toEqual({ activeDays7: 4 });
  });

  it('knows nothing of a champion that has left, and of one that is active that it is there', () => {
    expect(agreeing({ championLost: 0, championActive28: 1 }, { championLost: 1 })).toEqual({
      championActive28: null,
    });
    expect(agreeing({ championLost: 1, championActive28: null }, { championActive28: 1 })).toEqual({
      championLost: 0,
    });
  });

  it('leaves what is not known, and comes to an end where two exclude each other', () => {
    expect(agreeing({ overdueInvoices: null }, { overdueDays: 3 })).toEqual({});
    expect(agreeing(USED, { overdueDays: null, nps: null })).toEqual({});
    expect(Object.keys(agreeing(USED, { daysSinceLastUse: 40, activeDays7: 4 }))).not.toContain(
      'daysSinceLastUse',
    );
  });
});
