import { DomainError } from '../platform/errors.js';
import type { Problem } from './model/problems.js';

/** Throws 400 with every place that is wrong. */
export function expectValid(problems: readonly Problem[]): void {
  const [first] = problems;
  if (!first) return;
  const detail = problems.length === 1 ? first.detail : `${problems.length} fields are invalid`;
  throw new DomainError('validation_failed', 400, detail, { pointer: first.pointer, errors: [...problems] });
}
