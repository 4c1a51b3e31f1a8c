import { isIPv6 } from 'node:net';
import type { CallerRequest } from './scopes.js';

/** Whose limits a request counts against: its key, or the address of an unknown caller. */
export function senderOf(request: CallerRequest): string {
  return request.caller ? `${request.caller.kind} ${request.caller.id}` : addressOf(request);
}

/** With `TRUST_PROXY`, the address given by the proxy. */
export function addressOf({ ip }: Pick<CallerRequest, 'ip'>): string {
  return `address ${networkOf(ip ?? '')}`;
}

/** For IPv6 the /64 network, since a client usually has all of its addresses. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [head = '', tail = ''] = address.replace(/%.*$/, '').toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = [...before, ...zeros, ...after].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${groups.join(':')}::/64`;
}
