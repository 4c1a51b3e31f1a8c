import { DomainError } from '../../platform/errors.js';
import { MODEL_KEYS, type ModelKey } from '../model/training/trained.js';

/** @throws DomainError 404 if there is no such model */
export function modelKeyOf(text: string): ModelKey {
  const key = MODEL_KEYS.find((known) => known === text);
  if (!key) {
    throw new DomainError('not_found', 404, `Unknown model, must be one of ${MODEL_KEYS.join(', ')}`, {
      pointer: '/key',
    });
  }
  return key;
}
