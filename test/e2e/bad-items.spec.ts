import { startTestApp, type TestApp } from '../support/app.js';
import { type Answer, client, type Client } from '../support/client.js';
import { expectDiscreet } from '../support/problem.js';

const CANARY = 'canary@example.com';
const time = new Date(Date.now() - 86_400_000).toISOString();

/** What is wrong with one event, its own JSON between `{` and `}`, and the code and pointer it is refused with. */
type Bad = [string, string, string, string | null];

const event = (more: string): string => `"event":"E","timestamp":"${time}",${more}`;
const deep = '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000);

const inBoth: Bad[] = [
  ['an event of a wrong type', `"event":17,"timestamp":"${time}"`, 'wrong_type', '/event'],
  ['no event', `"timestamp":"${time}"`, 'missing', '/event'],
  ['NUL', event(String.raw`"properties":{"a":"\u0000${CANARY}"}`), 'malformed', '/properties/a'],
  ['a lone surrogate', event(String.raw`"properties":{"a":["x","\ud800"]}`), 'malformed', '/properties/a/1'],
  ['a lone surrogate in a key', event(String.raw`"properties":{"\udfff":1}`), 'malformed', '/properties'],
  ['__proto__', event('"properties":{"a":{"__proto__":{"admin":true}}}'), 'not_allowed', '/properties/a'],
  ['1e999', event('"properties":{"n":1e999}'), 'out_of_range', '/properties/n'],
  ['a list as properties', event('"properties":[]'), 'wrong_type', '/properties'],
  ['a time without an offset', '"event":"E","timestamp":"2025-01-01T00:00:00"', 'malformed', '/timestamp'],
  ['a day that is none', '"event":"E","timestamp":"2025-02-30T00:00:00Z"', 'malformed', '/timestamp'],
  ['a time as number', '"event":"E","timestamp":1735689600', 'wrong_type', '/timestamp'],
  ['a time ahead', '"event":"E","timestamp":"9999-01-01T00:00:00Z"', 'in_future', '/timestamp'],
  ['a time too old', '"event":"E","timestamp":"1900-01-01T00:00:00Z"', 'too_old', '/timestamp'],
  [
    'a messageId of 10,000 characters',
    event(`"messageId":"${'m'.repeat(10_000)}"`),
    'too_long',
    '/messageId',
  ],
  ['a userId of 10,000 characters', event(`"userId":"${'u'.repeat(10_000)}"`), 'too_long', '/userId'],
];

const inBatches: Bad[] = [
  ...inBoth,
  ['over 1 MB', event(`"properties":{"a":"${'x'.repeat(1_000_001)}"}`), 'too_large', '/properties'],
  ['5,000 levels', event(`"properties":${deep}`), 'too_deep', null],
  ['context as a list', event('"context":[]'), 'wrong_type', '/context'],
];

const inImports: Bad[] = [
  ...inBoth,
  ['an unknown field', event('"propertys":{}'), 'unknown_field', '/propertys'],
  ['a value as text', event('"value":"1"'), 'wrong_type', '/value'],
  ['a value out of range', event('"value":1e16'), 'out_of_range', '/value'],
  ['a value past all range', event('"value":1e999'), 'wrong_type', '/value'],
];

const NOT_JSON: [string, string | Buffer, string][] = [
  ['broken JSON', `{"event": ${CANARY}}`, 'malformed_json'],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'invalid_utf8'],
  ['5,000 levels', deep, 'too_deep'],
  ['a number', '17', 'wrong_type'],
  ['null', 'null', 'wrong_type'],
  ['a list', '[1]', 'wrong_type'],
  ['over 1 MB', `{"a":"${'x'.repeat(1_000_001)}"}`, 'too_large'],
];

const CSV_HEADER = 'id,name,externalIds,internal,traits.seats';
const CSV_ROWS: [string, string | Buffer, string, string | null][] = [
  ['too many cells', `x,a,,,1,${CANARY}`, 'wrong_cell_count', null],
  ['too few cells', 'x,a', 'wrong_cell_count', null],
  ['a broken quote', `x,a "${CANARY}" b,,,`, 'broken_quote', null],
  ['text after a quote', 'x,"a"b,,,', 'broken_quote', null],
  ['a boolean that is none', 'x,a,,perhaps,', 'wrong_type', '/internal'],
  ['an id of 10,000 characters', `${'x'.repeat(10_000)},a,,,`, 'too_long', '/id'],
  ['no id', ',a,,,', 'missing', '/id'],
  ['NUL', 'x,a\0b,,,', 'malformed', '/name'],
  ['invalid UTF-8', Buffer.from('x,a\xff,,,', 'latin1'), 'invalid_utf8', null],
];

describe('a bad item among good ones', () => {
  let app: TestApp;
  let call: Client['call'];
  let count = 0;

  beforeAll(async () => {
    app = await startTestApp();
    ({ call } = client(app));
    await call('PUT', '/v1/accounts/A-1', {});
  });
  afterAll(() => app.stop());

  const good = (): string =>
    `{"type":"track","messageId":"good-${++count}","accountId":"A-1","context":{"groupId":"A-1"},${event('"userId":"u"')}}`;
  const goodEvent = (): string =>
    `{"messageId":"good-${++count}","accountId":"A-1",${event('"userId":"u"')}}`;

  function expectRefused(answer: Answer, place: object, code: string, pointer: string | null): void {
    expect(answer.status).toBe(207);
    const [error] = answer.body['errors'] as { pointer: string | null }[];
    expect(answer.body['errors']).toHaveLength(1);
    expect(error).toMatchObject({ ...place, code, detail: expect.any(String) });
    if (code === 'too_deep') expect(error?.pointer ?? '').toMatch(/^(\/properties(\/a)*)?$/);
    else expect(error?.pointer ?? null).toBe(pointer);
    expect(answer.text.length).toBeLessThan(2_000);
    expect(answer.text).not.toContain(CANARY);
    expectDiscreet(answer);
  }

  it.each(inBatches.map((bad) => ({ name: bad[0], bad })))(
    'in a batch: $name',
    async ({ bad: [, fields, code, pointer] }) => {
      const bad = `{"type":"track","userId":"u",${fields}}`;
      const answer = await call('POST', '/v1/batch', `{"batch":[${good()},${bad},${good()}]}`);
      expect(answer.body).toMatchObject({
        received: 3,
        accepted: 2,
        duplicates: 0,
        quarantined: 0,
        rejected: 1,
      });
      expectRefused(answer, { index: 1 }, code, pointer);
    },
  );

  it.each(['17', 'null', '[]', '"x"', '{}', '{"type":"toString"}', '{"type":"__proto__"}', '{"type":17}'])(
    'in a batch: %s',
    async (bad) => {
      const answer = await call('POST', '/v1/batch', `{"batch":[${good()},${bad},${good()}]}`);
      expect(answer.body).toMatchObject({ received: 3, accepted: 2, rejected: 1 });
      expectRefused(answer, { index: 1, messageId: null }, 'not_allowed', '/type');
    },
  );

  it.each(inImports.map((bad) => ({ name: bad[0], bad })))(
    'in an import: $name',
    async ({ bad: [, fields, code, pointer] }) => {
      const bad = `{"accountId":"A-1",${fields}}`;
      const ndjson = await call('POST', '/v1/imports/events', `${goodEvent()}\n\n${bad}\n${goodEvent()}`, {
        'content-type': 'application/x-ndjson',
      });
      expect(ndjson.body).toMatchObject({
        received: 3,
        created: 2,
        unchanged: 0,
        rejected: 1,
        complete: true,
      });
      expectRefused(ndjson, { line: 3 }, code, pointer);
      const json = await call('POST', '/v1/imports/events', `[${goodEvent()},\n${bad},\n${goodEvent()}]`);
      expect(json.body).toMatchObject({ received: 3, created: 2, unchanged: 0, rejected: 1, complete: true });
      expectRefused(json, { line: 2 }, code, pointer);
    },
  );

  it.each(NOT_JSON.map((bad) => ({ name: bad[0], bad })))(
    'as a line and as an element: $name',
    async ({ bad: [, bytes, code] }) => {
      const between = (start: string, separator: string, end: string): Buffer =>
        Buffer.concat(
          [start, goodEvent(), separator, bytes, separator, goodEvent(), end].map((part) =>
            Buffer.from(part),
          ),
        );
      const pointer = code === 'wrong_type' ? '' : null;
      const ndjson = await call('POST', '/v1/imports/events', between('\ufeff', '\r\n', ''), {
        'content-type': 'application/x-ndjson',
      });
      expect(ndjson.body).toMatchObject({ received: 3, created: 2, rejected: 1, complete: true });
      expectRefused(ndjson, { line: 2 }, code, pointer);
      const json = await call('POST', '/v1/imports/events', between('\ufeff [', ',', '] \n'));
      expect(json.body).toMatchObject({ received: 3, created: 2, rejected: 1, complete: true });
      expectRefused(json, { line: 2 }, code, pointer);
    },
  );

  it.each(CSV_ROWS.flatMap((bad) => [',', ';', '\t'].map((delimiter) => ({ name: bad[0], delimiter, bad }))))(
    'as a CSV row: $name, with "$delimiter" between cells',
    async ({ delimiter, bad: [, row, code, pointer] }) => {
      const [a, b] = [`csv-${++count}`, `csv-${++count}`];
      const lines = [`\ufeff${CSV_HEADER}`, `${a},"one ""big""\r\nname",,true,5`, row, `${b},two,,,`, ''];
      const text = Buffer.concat(
        lines.map((line) => Buffer.concat([Buffer.from(line), Buffer.from('\r\n')])),
      ).toString('latin1');
      const answer = await call(
        'POST',
        '/v1/imports/accounts',
        Buffer.from(text.replaceAll(',', delimiter), 'latin1'),
        { 'content-type': 'text/csv' },
      );
      expect(answer.body).toMatchObject({ received: 3, created: 2, rejected: 1, complete: true });
      expectRefused(answer, { line: 4 }, code, pointer);
      const [stored] = await app.dataSource.query<object[]>(
        'SELECT name, internal, traits FROM account_state WHERE id = $1',
        [a],
      );
      expect(stored).toEqual({ name: 'one "big"\nname', internal: true, traits: { seats: 5 } });
    },
  );

  it('imports the rows before an unclosed quote and reports what was not read', async () => {
    const text = `id,name\nbefore,x\nbad,"never closed\nafter,y\n`;
    const answer = await call('POST', '/v1/imports/accounts', text, { 'content-type': 'text/csv' });
    expect(answer.status).toBe(207);
    expect(answer.body).toMatchObject({
      received: 2,
      created: 1,
      rejected: 1,
      complete: false,
      brokeOff: { line: 3, code: 'unclosed_quote' },
    });
    expect(answer.body['errors']).toMatchObject([{ line: 3, code: 'unclosed_quote' }]);
  });
});
