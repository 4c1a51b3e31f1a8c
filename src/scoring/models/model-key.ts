import { DomainError } from '../../platform/errors.js';
import { MODEL_KEYS, type ModelKey } from '../model/training/trained.js';

/** Throws 404 for what is not predicted. */
export function modelKeyOf(text: string): ModelKey {
  const key = MODEL_KEYS.find((known) => known === text);
  if (!key) {
    throw new DomainError('not_found', 404, `there is no such model; there are ${MODEL_KEYS.join(', ')}`, {
      pointer: '/key',
    });
  }
  return key;
}
