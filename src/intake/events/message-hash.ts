import { hash } from 'node:crypto';

/** The first 16 bytes of SHA-256 in hex. Identifies an event together with its account and time. */
export function messageHash(messageId: string): string {
  return hash('sha256', messageId, 'hex').slice(0, 32);
}
