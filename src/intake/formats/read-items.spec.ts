import fc from 'fast-check';
import { type BodyFormat } from './body-format.js';
import { type ColumnTypes } from './csv-columns.js';
import { type Item } from './item.js';
import { readItems } from './read-items.js';

const columns: ColumnTypes = new Map([
  ['id', 'string'],
  ['accountId', 'string'],
  ['seats', 'integer'],
  ['mrr', 'number'],
  ['trial', 'boolean'],
  ['startedAt', 'instant'],
  ['domains', 'list'],
  ['traits', 'object'],
  ['limits', 'object'],
]);

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function collect(
  body: AsyncIterable<Uint8Array>,
  format: BodyFormat,
  maxItemBytes = 200,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of readItems(body, format, { maxItemBytes, columns })) items.push(item);
  return items;
}

/** One line for an item: `3 {"id":"a"}`, `4 !malformed_json`, and last `5 complete` or `5 broke off: code`. */
function told(item: Item): string {
  if ('complete' in item)
    return `${item.line} ${item.brokeOff ? `broke off: ${item.brokeOff.code}` : 'complete'}`;
  return 'problem' in item
    ? `${item.line} !${item.problem.code}`
    : `${item.line} ${JSON.stringify(item.value)}`;
}

const bytesOf = (text: string | Buffer) => (typeof text === 'string' ? Buffer.from(text) : text);
const read = async (text: string | Buffer, format: BodyFormat, chunk = 64) =>
  (await collect(chunksOf(bytesOf(text), chunk), format)).map(told);

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const long = 'x'.repeat(300);

const cases: [BodyFormat, string, string | Buffer, string[]][] = [
  ['ndjson', 'LF', '{"a":1}\n{"a":2}\n', ['1 {"a":1}', '2 {"a":2}', '3 complete']],
  [
    'ndjson',
    'CRLF, blank lines and no last line end',
    '{"a":1}\r\n\r\n \n{"a":2}',
    ['1 {"a":1}', '4 {"a":2}', '5 complete'],
  ],
  ['ndjson', 'a BOM', '\ufeff{"a":1}\n', ['1 {"a":1}', '2 complete']],
  [
    'ndjson',
    'a BOM in the middle',
    '{"a":1}\n\ufeff{"a":2}\n',
    ['1 {"a":1}', '2 !malformed_json', '3 complete'],
  ],
  ['ndjson', 'U+2028 in a text', '{"a":"x\u2028y"}\n', ['1 {"a":"x\u2028y"}', '2 complete']],
  ['ndjson', 'an empty body', '', ['1 complete']],
  [
    'ndjson',
    'a malformed line',
    '{"a":1}\n{"a":\n{"a":3}\n',
    ['1 {"a":1}', '2 !malformed_json', '3 {"a":3}', '4 complete'],
  ],
  [
    'ndjson',
    'a line that is too large',
    `{"a":1}\n{"a":"${long}"}\n{"a":3}\n`,
    ['1 {"a":1}', '2 !too_large', '3 {"a":3}', '4 complete'],
  ],
  ['ndjson', 'a last line that is too large', `{"a":"${long}"}`, ['1 !too_large', '2 complete']],
  [
    'ndjson',
    'invalid UTF-8',
    latin1('{"a":"\xe9"}\n{"a":2}\n'),
    ['1 !invalid_utf8', '2 {"a":2}', '3 complete'],
  ],
  ['ndjson', 'a written NUL', '{"a":"\\u0000"}\n', ['1 {"a":"\\u0000"}', '2 complete']],
  ['ndjson', 'a raw NUL', '{"a":"\0"}\n{"a":2}\n', ['1 !malformed_json', '2 {"a":2}', '3 complete']],

  ['json', 'an array', '[{"a":1},{"a":"]},{[\\""}]', ['1 {"a":1}', '2 {"a":"]},{[\\""}', '2 complete']],
  [
    'json',
    'spaces, a BOM and CRLF',
    '\ufeff \r\n[ {"a":1} ,\r\n {"a":2} ]\r\n',
    ['1 {"a":1}', '2 {"a":2}', '2 complete'],
  ],
  ['json', 'an empty array', ' [ ] ', ['1 complete']],
  [
    'json',
    'elements that are no objects',
    '[1,"x",null,[2]]',
    ['1 1', '2 "x"', '3 null', '4 [2]', '4 complete'],
  ],
  [
    'json',
    'a malformed element',
    '[{"a":1},{"a" 2},{"a":3}]',
    ['1 {"a":1}', '2 !malformed_json', '3 {"a":3}', '3 complete'],
  ],
  ['json', 'a comma too many', '[{"a":1},]', ['1 {"a":1}', '2 !malformed_json', '2 complete']],
  [
    'json',
    'an element that is too large',
    `[{"a":1},{"a":"${long}"},{"a":3}]`,
    ['1 {"a":1}', '2 !too_large', '3 {"a":3}', '3 complete'],
  ],
  ['json', 'invalid UTF-8', latin1('[{"a":"\xff"},{"a":2}]'), ['1 !invalid_utf8', '2 {"a":2}', '2 complete']],
  ['json', 'an array that is not closed', '[{"a":1},{"a":2}', ['1 {"a":1}', '2 broke off: unexpected_end']],
  [
    'json',
    'a text that is not closed',
    '[{"a":1},{"a":"2},{"a":3}]',
    ['1 {"a":1}', '2 broke off: unexpected_end'],
  ],
  [
    'json',
    'a bracket that is not closed',
    '[{"a":1},{"a":[2},{"a":3}]',
    ['1 {"a":1}', '2 broke off: unexpected_end'],
  ],
  ['json', 'a single object', '{"a":1}', ['0 broke off: malformed_json']],
  ['json', 'an empty body', '', ['0 broke off: malformed_json']],
  ['json', 'a second array', '[{"a":1}]\n[{"a":2}]', ['1 {"a":1}', '1 broke off: malformed_json']],

  [
    'csv',
    'commas and LF',
    'id,seats\na,1\nb,2\n',
    ['2 {"id":"a","seats":1}', '3 {"id":"b","seats":2}', '4 complete'],
  ],
  [
    'csv',
    'semicolons, CRLF, a BOM, no last line end',
    '\ufeffid;seats\r\na;1\r\nb;2',
    ['2 {"id":"a","seats":1}', '3 {"id":"b","seats":2}', '4 complete'],
  ],
  ['csv', 'tabs', 'id\tseats\na\t1\n', ['2 {"id":"a","seats":1}', '3 complete']],
  ['csv', 'blank and empty rows', '\nid,seats\n\n,\na,1\n', ['5 {"id":"a","seats":1}', '6 complete']],
  [
    'csv',
    'spaces around cells',
    'id , "seats" \n  a b , 1 \n" c ", "2" \n',
    ['2 {"id":"a b","seats":1}', '3 {"id":"c","seats":2}', '4 complete'],
  ],
  [
    'csv',
    'quotes, delimiters and line ends in a cell',
    'id,seats\n"a""b,\r\nc",1\nd,2\n',
    ['2 {"id":"a\\"b,\\nc","seats":1}', '4 {"id":"d","seats":2}', '5 complete'],
  ],
  [
    'csv',
    'empty and cleared cells',
    'id,seats,trial\na,,\\N\nb,"",\n',
    ['2 {"id":"a","trial":null}', '3 {"id":"b"}', '4 complete'],
  ],
  [
    'csv',
    'too many and too few cells',
    'id,seats\na,1,x\nb\nc,3\n',
    ['2 !wrong_cell_count', '3 !wrong_cell_count', '4 {"id":"c","seats":3}', '5 complete'],
  ],
  [
    'csv',
    'values that do not fit',
    'id,mrr,trial\na,"1,5",yes\nb,abc,TRUE\n',
    ['2 {"id":"a","mrr":"1,5","trial":"yes"}', '3 {"id":"b","mrr":"abc","trial":true}', '4 complete'],
  ],
  [
    'csv',
    'lists',
    'id,domains\na,x.com; y.com;\nb,"[""x;1"",2]"\nc,[oops\nd,"x.com, y.com,"\ne,"x, inc;y"\nf,x.com\n',
    [
      '2 {"id":"a","domains":["x.com","y.com"]}',
      '3 {"id":"b","domains":["x;1",2]}',
      '4 {"id":"c","domains":"[oops"}',
      '5 {"id":"d","domains":["x.com","y.com"]}',
      '6 {"id":"e","domains":["x, inc","y"]}',
      '7 {"id":"f","domains":["x.com"]}',
      '8 complete',
    ],
  ],
  [
    'csv',
    'objects',
    'id,traits\na,"{""x"":1}"\nb,{x}\n',
    ['2 {"id":"a","traits":{"x":1}}', '3 {"id":"b","traits":"{x}"}', '4 complete'],
  ],
  [
    'csv',
    'cells below an object',
    'id,traits.region,traits.staff,traits.zip,limits.projects.allowed\na,EU,12,007,true\nb,,,,\n',
    [
      '2 {"id":"a","traits":{"region":"EU","staff":12,"zip":"007"},"limits":{"projects":{"allowed":true}}}',
      '3 {"id":"b"}',
      '4 complete',
    ],
  ],
  [
    'csv',
    'a quote inside a cell',
    'id,seats\na"b",1\nc,2\n',
    ['2 !broken_quote', '3 {"id":"c","seats":2}', '4 complete'],
  ],
  [
    'csv',
    'a quote that closes in a later row',
    'id,seats\n"a,1\nb,2\n"c",3\nd,4\n',
    ['2 !broken_quote', '3 !broken_quote', '4 !broken_quote', '5 {"id":"d","seats":4}', '6 complete'],
  ],
  [
    'csv',
    'a quote that never closes',
    'id,seats\na,1\n"b,2\nc,3\n',
    ['2 {"id":"a","seats":1}', '3 !unclosed_quote', '3 broke off: unclosed_quote'],
  ],
  [
    'csv',
    'invalid UTF-8',
    latin1('id,seats\n"\xe9\n",1\nb,2\n'),
    ['2 !invalid_utf8', '4 {"id":"b","seats":2}', '5 complete'],
  ],
  [
    'csv',
    'a line that is too large',
    `id,seats\n${long},1\nb,2\n`,
    ['2 !too_large', '3 {"id":"b","seats":2}', '4 complete'],
  ],
  [
    'csv',
    'a line that is too large and leaves a quote open',
    `id,seats\n"${long}\nz",1\nb,2\n`,
    ['2 !too_large', '4 {"id":"b","seats":2}', '5 complete'],
  ],
  [
    'csv',
    'a row of many lines that is too large',
    `id,seats\n"${'x\n'.repeat(150)}",1\nb,2\n`,
    ['2 !too_large', '153 {"id":"b","seats":2}', '154 complete'],
  ],
  ['csv', 'a NUL', 'id,seats\na\0,1\n', ['2 {"id":"a\\u0000","seats":1}', '3 complete']],
];

describe(readItems.name, () => {
  it.each(cases)('reads %s with %s', async (format, _name, text, expected) => {
    expect(await read(text, format)).toEqual(expected);
  });

  it.each(cases)(
    'reads %s with %s alike when it comes byte by byte',
    async (format, _name, text, expected) => {
      expect(await read(text, format, 1)).toEqual(expected);
    },
  );

  it('gives the same items however the body is cut', async () => {
    const pieces = [
      '"',
      '""',
      ',',
      ';',
      '\n',
      '\r\n',
      '{',
      '}',
      '[',
      ']',
      '\\',
      'a',
      '1',
      ':',
      ' ',
      '\u2028',
      '\ufeff',
      'é',
      '\xff',
      long,
    ];
    const property = fc.asyncProperty(
      fc.constantFrom<BodyFormat>('json', 'ndjson', 'csv'),
      fc.array(fc.constantFrom(...pieces), { maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 }),
      async (format, parts, sizes) => {
        const start = { json: '[', ndjson: '', csv: 'id,seats\n' }[format];
        const bytes = Buffer.concat(
          [start, ...parts].map((part) => (part === '\xff' ? latin1(part) : Buffer.from(part))),
        );
        const cut = async function* () {
          for (let at = 0, i = 0; at < bytes.length; i += 1) {
            const size = sizes[i % sizes.length] ?? 1;
            yield await Promise.resolve(bytes.subarray(at, at + size));
            at += size;
          }
        };
        expect(await collect(cut(), format)).toEqual(await collect(chunksOf(bytes, bytes.length), format));
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });

  it.each<[BodyFormat, string, string[]]>([
    ['ndjson', '{"a":1}\n{"a":2}\n{"a"', ['1 {"a":1}', '2 {"a":2}', '3 broke off: connection_lost']],
    ['json', '[{"a":1},{"a"', ['1 {"a":1}', '2 broke off: connection_lost']],
    ['csv', 'id,seats\na,1\nb,"', ['2 {"id":"a","seats":1}', '3 broke off: connection_lost']],
  ])(
    'gives what was whole and says where it broke off when the %s body fails',
    async (format, text, expected) => {
      const failing = async function* () {
        yield* chunksOf(Buffer.from(text), 5);
        throw new Error('aborted');
      };
      expect((await collect(failing(), format)).map(told)).toEqual(expected);
    },
  );

  it.each<[BodyFormat, string]>([
    ['json', `[{"a":1},${'['.repeat(100_000)}${']'.repeat(100_000)},{"a":3}]`],
    ['ndjson', `{"a":1}\n${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}\n{"a":3}\n`],
  ])('refuses %s that is 100,000 levels deep and loses nothing else', async (format, text) => {
    const items = (await collect(chunksOf(Buffer.from(text), 65_536), format, 1_000_000)).map(told);
    expect(items.slice(0, 3)).toEqual(['1 {"a":1}', '2 !too_deep', '3 {"a":3}']);
  });

  it('tells no part of the input in a problem', async () => {
    const problems = await collect(chunksOf(Buffer.from('{"email": jane@example.com}\n'), 64), 'ndjson');
    expect(JSON.stringify(problems)).not.toContain('jane');
  });

  it('asks for a chunk only when the items of the one before are taken', async () => {
    let asked = 0;
    const endless = async function* () {
      for (;;) {
        asked += 1;
        yield await Promise.resolve(Buffer.from('{"a":1}\n{"a":2}\n'));
      }
    };
    const items = readItems(endless(), 'ndjson', { maxItemBytes: 200 });
    for (let i = 0; i < 4; i += 1) await items.next();
    expect(asked).toBe(2);
    await items.return(undefined);
  });

  it.each([
    ['unknown_column', 'id,plann\n', '"plann"'],
    ['unknown_column', 'id,\n', 'Column 2'],
    ['unknown_column', 'id,seats.x\n', '"seats.x"'],
    ['unknown_column', 'id,traits.\n', '"traits."'],
    ['duplicate_column', 'id,seats,id\n', '"id"'],
    ['duplicate_column', 'traits,traits.a\n', '"traits"'],
    ['missing_header', '', ''],
    ['malformed_header', '"id\n', ''],
    ['malformed_header', 'i"d\n', ''],
    ['malformed_header', latin1('id,\xff\xfe\n'), 'UTF-8'],
    ['malformed_header', `${long}\n`, ''],
  ])('refuses the file with %s when its header is %j', async (code, text, named) => {
    const reading = read(`${text.toString('latin1')}` === text ? text : bytesOf(text), 'csv');
    await expect(reading).rejects.toMatchObject({
      status: 400,
      code,
      detail: expect.stringContaining(named),
    });
  });

  it('keeps __proto__ as a plain key', async () => {
    const [item] = await collect(chunksOf(Buffer.from('id,traits.__proto__\na,1\n'), 64), 'csv');
    expect(item).toMatchObject({ line: 2 });
    expect(JSON.stringify(item)).toContain('{"__proto__":1}');
  });
});
