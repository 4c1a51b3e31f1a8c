import type { Answer } from './client.js';

/** Words from stack traces, SQL or the driver, which must never reach a caller. */
const INNER_WORDS =
  /node_modules|\.[jt]s:\d|\bat \w+ \(|\bSELECT\b|\bINSERT\b|violates|QueryFailed|TypeError|syntax error/;

/** Expects a problem document with this status, code and, if given, pointer. */
export function expectProblem(answer: Answer, status: number, code: string, pointer?: string): void {
  const { body, headers } = answer;
  expect({
    status: answer.status,
    code: body['code'],
    ...(pointer !== undefined && { pointer: body['pointer'] }),
  }).toEqual({
    status,
    code,
    ...(pointer !== undefined && { pointer }),
  });
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(body).toMatchObject({
    type: `https://steward.dev/problems/${code}`,
    title: expect.any(String),
    detail: expect.any(String),
    message: body['detail'],
    status,
  });
  expectDiscreet(answer);
}

export function expectDiscreet({ text }: Pick<Answer, 'text'>): void {
  expect(text).not.toMatch(INNER_WORDS);
}
