import { isIPv6 } from 'node:net';
import type { CallerRequest } from './scopes.js';

/** Whom what a request takes is charged to: its key, or the address of a caller who is not known. */
export function senderOf(request: CallerRequest): string {
  return request.caller ? `${request.caller.kind} ${request.caller.id}` : addressOf(request);
}

/** With `TRUST_PROXY`, the address that the proxy names. */
export function addressOf({ ip }: Pick<CallerRequest, 'ip'>): string {
  return `address ${networkOf(ip ?? '')}`;
}

/** Of IPv6 the /64: whoever has one address there has them all. */
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
