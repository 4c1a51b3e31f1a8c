import type { IncomingMessage } from 'node:http';

/** Told by the headers; whether a byte has come is not known yet. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
