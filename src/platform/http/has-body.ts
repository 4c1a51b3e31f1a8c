import type { IncomingMessage } from 'node:http';

/** Judged by the headers; whether any bytes arrive is not known yet. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
