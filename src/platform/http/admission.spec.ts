import { EventEmitter } from 'node:events';
import type { Request, Response } from 'express';
import { admission } from './admission.js';

describe(admission.name, () => {
  const sut = admission(1_000, 3);

  function send(headers: Record<string, string>, path = '/v1/batch') {
    const response = Object.assign(new EventEmitter(), { set: () => undefined });
    let error: unknown;
    sut({ headers, path } as unknown as Request, response as unknown as Response, (given?: unknown) => {
      error = given;
    });
    return { error, end: () => response.emit('close') };
  }

  it('lets bodies in up to the limit, refuses the next with 429 and lets it in once one has ended', () => {
    const first = send({ 'content-length': '900' });
    expect(send({ 'content-length': '200' }).error).toMatchObject({
      code: 'overloaded',
      status: 429,
      options: { headers: { 'Retry-After': '1' } },
    });
    first.end();
    const again = send({ 'content-length': '200' });
    expect(again.error).toBeUndefined();
    again.end();
  });

  it('lets in a single body of any size, counts packed ones as unpacked and leaves out imports and reads', () => {
    const large = send({ 'content-length': '5000' });
    expect(large.error).toBeUndefined();
    expect(send({ 'content-length': '5000' }, '/v1/imports/events').error).toBeUndefined();
    expect(send({}).error).toBeUndefined();
    large.end();
    const small = send({ 'content-length': '10' });
    expect(send({ 'content-length': '100', 'content-encoding': 'gzip' }).error).toMatchObject({
      status: 429,
    });
    small.end();
  });

  it('lets in only so many at once', () => {
    const three = [1, 2, 3].map(() => send({ 'content-length': '1' }));
    expect(send({ 'content-length': '1' }).error).toMatchObject({ status: 429 });
    for (const request of three) request.end();
  });
});
