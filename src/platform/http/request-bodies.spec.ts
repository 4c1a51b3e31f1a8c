import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import type { Request, Response } from 'express';
import { Admission, BODY_LIMITS, UNKNOWN_SENDER_LIMITS } from './admission.js';
import type { BodyRules } from './body-rules.js';
import { BodyTimes } from './body-times.js';
import { RequestBodies } from './request-bodies.js';

const RULES: BodyRules = {
  maxBytes: 1_000,
  maxPackedBytes: 1_000,
  maxValues: 10,
  maxMembers: 10,
  maxItems: 10,
  anyContentType: true,
  keyInBody: 'writeKey',
  streamed: false,
};
const BODY = JSON.stringify({ writeKey: 'k' });

describe(RequestBodies.name, () => {
  it('counts a body with its key in it as that of the key once this is accepted', async () => {
    const sut = new RequestBodies(new Admission(), new BodyTimes());
    const send = async (key: string): Promise<EventEmitter> => {
      const headers = { 'content-length': String(BODY.length) };
      const request = Object.assign(Readable.from([Buffer.from(BODY)]), { headers }) as unknown as Request;
      const response = new EventEmitter();
      expect(await sut.keyIn(request, response as Response, RULES, 'address')).toBe('k');
      expect(await sut.json(request, response as Response, RULES, key)).toEqual({ writeKey: 'k' });
      return response;
    };
    const share = BODY_LIMITS.requests * BODY_LIMITS.share;
    expect(share).toBeGreaterThan(UNKNOWN_SENDER_LIMITS.requests);
    const responses: EventEmitter[] = [];
    for (let i = 0; i < share; i++) responses.push(await send('one'));
    await expect(send('one')).rejects.toMatchObject({ code: 'concurrency_limit' });
    await send('another');
    for (const response of responses) response.emit('close');
    for (let i = 0; i < share; i++) await send('one');
  });
});
