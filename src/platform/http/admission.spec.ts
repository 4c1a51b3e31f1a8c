import { Admission, BODY_LIMITS, IMPORT_LIMITS, Room, UNKNOWN_SENDER_LIMITS } from './admission.js';

const limits = { requests: 4, bytes: 100, share: 0.5, retryAfterS: 3, what: 'requests' };
const overloaded = { code: 'overloaded', status: 429, options: { headers: { 'Retry-After': '3' } } };
const ownLimit = { ...overloaded, code: 'concurrency_limit' };

function refusalOf(attempt: () => unknown): unknown {
  try {
    attempt();
  } catch (error) {
    return error;
  }
  return 'let in';
}

describe(Room.name, () => {
  let sut: Room;
  beforeEach(() => {
    sut = new Room(limits);
  });

  it('limits a sender to its share and leaves the rest to others', () => {
    sut.enter('a', 1);
    const second = sut.enter('a', 1);
    expect(refusalOf(() => sut.enter('a', 1))).toMatchObject(ownLimit);
    sut.enter('b', 1);
    second.leave();
    sut.enter('a', 1);
  });

  it('rejects everyone when full and admits again after a release', () => {
    const [first] = ['a', 'a', 'b', 'b'].map((sender) => sut.enter(sender, 1));
    expect(refusalOf(() => sut.enter('c', 1))).toMatchObject(overloaded);
    first?.leave();
    sut.enter('c', 1);
  });

  it('admits a single body of any size, and no other meanwhile', () => {
    const large = sut.enter('a', 1_000);
    expect(refusalOf(() => sut.enter('b', 1))).toMatchObject(overloaded);
    large.leave();
    sut.enter('b', 1).leave();
  });

  it('tracks the bytes received and releases all of them', () => {
    const growing = sut.enter('a', 1);
    sut.enter('b', 10);
    growing.growTo(40);
    growing.growTo(30);
    expect(refusalOf(() => growing.growTo(95))).toMatchObject(overloaded);
    const beside = sut.enter('a', 5);
    expect(refusalOf(() => beside.growTo(20))).toMatchObject(ownLimit);
    growing.leave();
    growing.leave();
    beside.growTo(50);
    expect(refusalOf(() => sut.enter('b', 60))).toMatchObject(overloaded);
  });
});

describe(Admission.name, () => {
  it('counts imports separately from other bodies', () => {
    const sut = new Admission();
    const own = IMPORT_LIMITS.requests * IMPORT_LIMITS.share;
    for (let i = 0; i < own; i++) sut.enterImport('a');
    expect(refusalOf(() => sut.enterImport('a'))).toMatchObject({ code: 'concurrency_limit' });
    sut.enter('a', BODY_LIMITS.bytes / 2);
  });

  it('counts unknown senders apart from known ones', () => {
    const sut = new Admission();
    for (let i = 0; i < UNKNOWN_SENDER_LIMITS.requests; i++) sut.enterUnknown(String(i), 1);
    expect(refusalOf(() => sut.enterUnknown('a', 1))).toMatchObject({ code: 'overloaded' });
    for (let i = 0; i < BODY_LIMITS.requests; i++) sut.enter(String(i), 1);
  });
});
