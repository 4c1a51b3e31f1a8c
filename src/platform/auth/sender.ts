import { isIPv4, isIPv6 } from 'node:net';
import type { CallerRequest } from './scopes.js';

/** Whose limits a request counts against: its key, or the address of an unknown caller. */
export function senderOf(request: CallerRequest): string {
  return request.caller ? `${request.caller.kind} ${request.caller.id}` : addressOf(request);
}

/** With `TRUST_PROXY`, the address given by the proxy; the proxy's own if that is none. */
export function addressOf({ ip, socket }: Pick<CallerRequest, 'ip' | 'socket'>): string {
  return `address ${networkOf(ip ?? '') ?? networkOf(socket.remoteAddress ?? '') ?? ''}`;
}

/**
 * For IPv6 the /64 network, since a client usually has all of its addresses. Some proxies append the client's port, which
 * differs per connection. Null if it is not an address.
 */
export function networkOf(text: string): string | null {
  const address = text
    .trim()
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  if (isIPv4(mapped)) return mapped;
  if (!isIPv6(address)) return null;
  const [head = '', tail = ''] = address.replace(/%.*$/, '').toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = [...before, ...zeros, ...after].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${groups.join(':')}::/64`;
}
