import { startTestApp, type TestApp } from '../support/app.js';
import { type Answer, client } from '../support/client.js';
import { operations, resolved, type Schema, typesOf } from '../support/openapi.js';

/** A body of which one part has a given size. */
interface Growth {
  title: string;
  method: string;
  path: string;
  bodyOf: (size: number) => unknown;
  /** Items, members or characters. */
  size: number;
}

const MEMBERS = 4_000;
const CHARACTERS = 200_000;

const strangers = (count: number): object =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`stranger/~${i}`, i]));
const list = (count: number, item: unknown): unknown[] => Array.from({ length: count }, () => item);

/** Each way in which a value of this shape may grow, as a path into the body and what stands there. */
function growths(schema: Schema, at: string[], depth = 0): [string[], (size: number) => unknown, number][] {
  const whole = resolved(schema);
  const { properties, items, additionalProperties, example } = whole;
  const types = typesOf(whole);
  if (types.includes('string')) return [[at, (size) => 'x'.repeat(size), CHARACTERS]];
  if (types.includes('array')) {
    const item = resolved(items ?? {}).example ?? (Array.isArray(example) ? example[0] : undefined) ?? {};
    const below = depth < 4 && items ? growths(items, [...at, '0'], depth + 1) : [];
    return [
      [at, (size) => list(size, item), MEMBERS],
      [at, (size) => list(size, strangers(1)), MEMBERS],
      [at, (size) => list(size, 0), MEMBERS],
      ...below,
    ];
  }
  if (!types.includes('object')) return [];
  const known = Object.entries(properties ?? {});
  return [
    [at, strangers, MEMBERS],
    ...(additionalProperties === undefined
      ? []
      : [
          [at, (size: number) => ({ deep: list(size, 'x') }), MEMBERS] as [
            string[],
            (size: number) => unknown,
            number,
          ],
        ]),
    ...(depth < 4 ? known.flatMap(([name, inner]) => growths(inner, [...at, name], depth + 1)) : []),
  ];
}

/** The example with one part of it replaced. */
function withPart(example: unknown, [step, ...rest]: string[], part: unknown): unknown {
  if (step === undefined) {
    const isObject = typeof example === 'object' && example !== null && !Array.isArray(example);
    return isObject && typeof part === 'object' && part !== null && !Array.isArray(part)
      ? { ...example, ...part }
      : part;
  }
  if (step === '0') return [withPart((example as unknown[] | undefined)?.[0], rest, part)];
  const object = (typeof example === 'object' && example !== null ? example : {}) as Record<string, unknown>;
  return { ...object, [step]: withPart(object[step], rest, part) };
}

const cases: Growth[] = operations.flatMap(({ name, method, path, requestBody }) => {
  const content = requestBody?.content['application/json'];
  if (!content?.schema || path.startsWith('/v1/imports')) return [];
  return growths(content.schema, []).map(([at, partOf, size], i) => ({
    title: `${name} ${at.join('/')} (${i})`,
    method,
    path: path.replace(/\{\w+\}/, 'A-1'),
    bodyOf: (count: number) => withPart(content.example ?? {}, at, partOf(count)),
    // A batch beyond 2,000 is refused before it is parsed.
    size: at.includes('batch') && size === MEMBERS ? 1_000 : size,
  }));
});

describe('the cost of a request', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    await client(app).call('PUT', '/v1/accounts/A-1', { name: 'Acme' });
  });
  afterAll(() => app.stop());

  /** The least of some tries: CPU of the process, which also does other things. */
  async function cost(growth: Growth, size: number): Promise<{ ms: number; answer: Answer; sent: number }> {
    const body = JSON.stringify(growth.bodyOf(size));
    let ms = Infinity;
    let answer: Answer | undefined;
    for (let i = 0; i < 3; i++) {
      const before = process.cpuUsage();
      answer = await client(app).call(growth.method, growth.path, body);
      const { user, system } = process.cpuUsage(before);
      ms = Math.min(ms, (user + system) / 1_000);
      if (ms < NOTHING_MS) break;
    }
    if (!answer) throw new Error('nothing was sent');
    return { ms, answer, sent: body.length };
  }

  /** Below this a cost cannot be told from noise. */
  const NOTHING_MS = 50;
  const TRIES = 5;
  const growsTooFast = (small: number, large: number): boolean => large >= NOTHING_MS && large / small >= 3;

  it('is measured for every operation with a body', () => {
    expect(new Set(cases.map(({ method, path }) => `${method} ${path}`)).size).toBeGreaterThan(15);
  });

  it.each(cases)('grows no faster than its input: $title', async (growth) => {
    let small = await cost(growth, growth.size);
    let large = await cost(growth, 2 * growth.size);
    // A disturbance passes; a cost that grows too fast stays.
    for (let i = 1; i < TRIES && growsTooFast(small.ms, large.ms); i++) {
      small = await cost(growth, growth.size);
      large = await cost(growth, 2 * growth.size);
    }
    for (const { answer, sent } of [small, large]) {
      expect(answer.status).toBeLessThan(500);
      // Of a batch every event that is refused is named.
      expect(answer.text.length).toBeLessThan(
        Math.max(growth.path.endsWith('/batch') ? 400_000 : 50_000, sent),
      );
    }
    expect({ small: small.ms, large: large.ms, tooFast: growsTooFast(small.ms, large.ms) }).toMatchObject({
      tooFast: false,
    });
  });
});
