import { EventEmitter } from 'node:events';
import type { Request, Response } from 'express';
import { admission } from './admission.js';

const MB = 1024 * 1024;

describe(admission.name, () => {
  let sut: ReturnType<typeof admission>;

  beforeEach(() => {
    sut = admission(30 * MB, 3, 2);
  });

  function send(headers: Record<string, string>, path = '/v1/batch') {
    const response = Object.assign(new EventEmitter(), { set: () => undefined });
    let error: unknown;
    sut({ headers, path } as unknown as Request, response as unknown as Response, (given?: unknown) => {
      error = given;
    });
    return { error, end: () => response.emit('close') };
  }

  const bytes = (length: number) => ({ 'content-length': String(length) });
  const overloaded = { code: 'overloaded', status: 429 };

  it('lets bodies in up to the limit, refuses the next with 429 and lets it in once one has ended', () => {
    const first = send(bytes(28 * MB));
    expect(send(bytes(3 * MB)).error).toMatchObject({
      ...overloaded,
      options: { headers: { 'Retry-After': '1' } },
    });
    first.end();
    const again = send(bytes(3 * MB));
    expect(again.error).toBeUndefined();
    again.end();
  });

  it('lets in a single body of any size, and leaves out imports and reads', () => {
    const large = send(bytes(50 * MB));
    expect(large.error).toBeUndefined();
    const streamed = send(bytes(50 * MB), '/v1/imports/events');
    expect(streamed.error).toBeUndefined();
    expect(send({}).error).toBeUndefined();
    large.end();
    streamed.end();
  });

  it('weighs a packed body as the largest that it may become, however short it is', () => {
    const packed = { ...bytes(50_000), 'content-encoding': 'gzip' };
    const held = send(bytes(21 * MB));
    expect(send(packed).error).toMatchObject(overloaded);
    held.end();
    const one = send(packed);
    expect(send(packed).error).toBeUndefined();
    one.end();
  });

  it('lets in only so many imports at once, also those whose length is not told, and reads beside them', () => {
    const chunked = { 'transfer-encoding': 'chunked' };
    const two = [send(chunked, '/v1/imports/events'), send(bytes(1), '/v1/imports/accounts')];
    expect(two.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(send(chunked, '/v1/imports/tickets').error).toMatchObject({
      ...overloaded,
      options: { headers: { 'Retry-After': '5' } },
    });
    expect(send({}, '/v1/imports/7/errors').error).toBeUndefined();
    expect(send(bytes(1)).error).toBeUndefined();
    two[0]?.end();
    expect(send(chunked, '/v1/imports/tickets').error).toBeUndefined();
  });

  it('lets in only so many at once', () => {
    const three = [1, 2, 3].map(() => send({ 'content-length': '1' }));
    expect(send({ 'content-length': '1' }).error).toMatchObject({ status: 429 });
    for (const request of three) request.end();
  });
});
