import { DomainError } from '../../platform/errors.js';

export type BodyFormat = 'json' | 'ndjson' | 'csv';

const formats = new Map<string, BodyFormat>([
  ['application/json', 'json'],
  ['application/x-ndjson', 'ndjson'],
  ['application/ndjson', 'ndjson'],
  ['application/jsonl', 'ndjson'],
  ['application/jsonlines', 'ndjson'],
  ['text/csv', 'csv'],
]);

/** @throws DomainError 415 for any other media type, and for any charset but UTF-8 */
export function formatOf(contentType: string | undefined): BodyFormat {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  const format = formats.get(type);
  if (!format) {
    throw unsupported(
      'The content type must be application/json (an array), application/x-ndjson or text/csv',
    );
  }
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (charset !== undefined && !/^"?utf-?8"?$/.test(charset)) throw unsupported('The charset must be utf-8');
  return format;
}

function unsupported(detail: string): DomainError {
  return new DomainError('unsupported_media_type', 415, detail);
}
