import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readCsv } from './read-csv.js';

describe(readCsv.name, () => {
  let folder: string;
  beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'steward-csv-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const read = async (text: string | Buffer) => {
    const file = path.join(folder, 'table.csv');
    await writeFile(file, text);
    return readCsv(file);
  };

  it('reads a byte order mark, CRLF, quotes, line breaks in quotes, spaces and blank lines', async () => {
    const text = '\ufeffid,"a, b",c\r\n1,"say ""hi"", you", x \r\n\r\n2,"two\r\nlines",\r\n';
    expect(await read(text)).toEqual({
      names: ['id', 'a, b', 'c'],
      columns: [
        ['1', '2'],
        ['say "hi", you', 'two\nlines'],
        ['x', ''],
      ],
      rows: 2,
    });
  });

  it.each([';', '\t'])('detects the delimiter %j from the header', async (delimiter) => {
    expect(await read(`a${delimiter}b\n1,5${delimiter}2`)).toMatchObject({ columns: [['1,5'], ['2']] });
  });

  it('names a column whose header is empty', async () => {
    expect((await read(',a\n0,x\n')).names).toEqual(['column 1', 'a']);
  });

  it.each([
    ['', /is empty: the first line must contain the column names/],
    ['a,a\n1,2\n', 'The column "a" appears twice in the header'],
    ['a,b\n1,2\n3\n', 'Line 3 has 1 cells, the header has 2'],
    ['a,b\n1,x"y"\n', 'Line 2: quote inside a cell.'],
    ['a,b\n1,"y\n2,3\n', 'The quote opened on line 2 is never closed'],
    [Buffer.from([0x61, 0x0a, 0xe9, 0x0a]), 'Line 2 is not UTF-8'],
  ])('rejects %j', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });

  it('reports a missing file', async () => {
    await expect(readCsv(path.join(folder, 'none.csv'))).rejects.toThrow(/Cannot read .*none\.csv: .*ENOENT/);
  });
});
