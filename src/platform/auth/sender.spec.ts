import type { Socket } from 'node:net';
import { addressOf, networkOf } from './sender.js';

describe(networkOf.name, () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['203.0.113.7:4242', '203.0.113.7'],
    ['[2001:db8:1:2::1]:4242', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::1]', '2001:db8:1:2::/64'],
    ['[::ffff:203.0.113.7]:4242', '203.0.113.7'],
    ['', null],
    ['unknown', null],
    ['203.0.113.7:port', null],
    ['203.0.113.777', null],
  ])('maps %p to %p', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe(addressOf.name, () => {
  const socket = { remoteAddress: '198.51.100.1' } as Socket;

  it('ignores a port that a proxy appended', () => {
    const seen = ['203.0.113.7', '203.0.113.7:1', '203.0.113.7:2'].map((ip) => addressOf({ ip, socket }));
    expect(new Set(seen)).toEqual(new Set(['address 203.0.113.7']));
  });

  it.each(['', 'unknown', '_hidden', '203.0.113.7, x', undefined])(
    'falls back to the connection for %p',
    (ip) => {
      expect(addressOf({ ip, socket })).toBe('address 198.51.100.1');
    },
  );
});
