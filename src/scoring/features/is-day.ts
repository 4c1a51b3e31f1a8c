import { defineRule } from '../../platform/validation/field-rule.js';
import { parseInstant } from '../../platform/validation/instant.js';

/** A UTC date, `YYYY-MM-DD`. */
export const IsDay = defineRule(
  'isDay',
  (value) =>
    typeof value === 'string' && value.length === 10 && parseInstant(value) !== undefined
      ? null
      : { code: 'malformed', detail: 'must be a date such as 2024-12-31' },
  { type: String, format: 'date', example: '2024-12-31' },
);
