import { defineRule } from '../../platform/validation/field-rule.js';
import { keyProblem } from '../../platform/validation/text-checks.js';
import { type FieldProblem, pointerStep } from '../../platform/validation/violation.js';
import { TICKET_PRIORITIES } from './ticket-priorities.js';

const MAX_KEYS = 200;
const MAX_TRAIT_TEXT = 1000;
const MAX_MEASURE = 1e15;

const NOT_AN_OBJECT: FieldProblem = { code: 'wrong_type', detail: 'must be an object' };

type ValueCheck = (value: unknown) => FieldProblem | null;

/** Checks an object used as a map: its size, keys and values. */
function mapProblem(value: unknown, check: ValueCheck): FieldProblem | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return NOT_AN_OBJECT;
  const map = value as Record<string, unknown>;
  let count = 0;
  for (const key in map) {
    if (++count > MAX_KEYS) return { code: 'too_many', detail: `must not have more than ${MAX_KEYS} keys` };
    const keyFault = keyProblem(key);
    if (keyFault !== null)
      return { code: keyFault.code, detail: `has an invalid key: a key ${keyFault.detail}` };
    const problem = check(map[key]);
    if (problem !== null) return { ...problem, pointer: pointerStep(key) + (problem.pointer ?? '') };
  }
  return null;
}

function traitProblem(value: unknown): FieldProblem | null {
  if (value === null || typeof value === 'boolean') return null;
  if (typeof value === 'number') {
    return Number.isFinite(value) ? null : { code: 'out_of_range', detail: 'must be a finite number' };
  }
  if (typeof value !== 'string')
    return { code: 'wrong_type', detail: 'must be a string, a number, true, false or null' };
  return value.length <= MAX_TRAIT_TEXT
    ? null
    : { code: 'too_long', detail: `must not be longer than ${MAX_TRAIT_TEXT} characters` };
}

function consentProblem(value: unknown): FieldProblem | null {
  return typeof value === 'boolean' ? null : { code: 'wrong_type', detail: 'must be true or false' };
}

function limitProblem(value: unknown): FieldProblem | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return NOT_AN_OBJECT;
  const { allowed, gauge, ...rest } = value as Record<string, unknown>;
  const [stranger] = Object.keys(rest);
  if (stranger !== undefined) {
    return {
      code: 'unknown_field',
      detail: 'is not a known field of a limit',
      pointer: pointerStep(stranger),
    };
  }
  if (allowed === undefined || allowed === null)
    return { code: 'missing', detail: 'is required', pointer: '/allowed' };
  if (typeof allowed !== 'number')
    return { code: 'wrong_type', detail: 'must be a number', pointer: '/allowed' };
  if (!(allowed >= 0 && allowed <= MAX_MEASURE)) {
    return { code: 'out_of_range', detail: 'must be between 0 and 1e15', pointer: '/allowed' };
  }
  if (gauge === undefined || gauge === null)
    return { code: 'missing', detail: 'is required', pointer: '/gauge' };
  if (typeof gauge !== 'string') return { code: 'wrong_type', detail: 'must be a string', pointer: '/gauge' };
  const problem = keyProblem(gauge);
  return problem && { ...problem, pointer: '/gauge' };
}

export interface ServiceTarget {
  firstResponseHours?: number;
  resolutionHours?: number;
}

const MAX_TARGET_HOURS = 10_000;
const isPriority = (text: string): boolean => TICKET_PRIORITIES.some((priority) => priority === text);

function hoursProblem(value: unknown): FieldProblem | null {
  if (typeof value !== 'number') return { code: 'wrong_type', detail: 'must be a number of hours' };
  return value > 0 && value <= MAX_TARGET_HOURS
    ? null
    : { code: 'out_of_range', detail: `must be more than 0 and at most ${MAX_TARGET_HOURS} hours` };
}

function targetProblem(value: unknown): FieldProblem | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return NOT_AN_OBJECT;
  const target = value as Record<string, unknown>;
  for (const [name, hours] of Object.entries(target)) {
    if (name !== 'firstResponseHours' && name !== 'resolutionHours') {
      return {
        code: 'unknown_field',
        detail: 'must be firstResponseHours or resolutionHours',
        pointer: pointerStep(name),
      };
    }
    const problem = hoursProblem(hours);
    if (problem !== null) return { ...problem, pointer: pointerStep(name) };
  }
  const { firstResponseHours: first, resolutionHours: resolution } = target;
  if (first === undefined && resolution === undefined)
    return { code: 'missing', detail: 'must have firstResponseHours, resolutionHours or both' };
  if (typeof first === 'number' && typeof resolution === 'number' && resolution < first) {
    return {
      code: 'out_of_range',
      detail: 'must not be less than firstResponseHours',
      pointer: '/resolutionHours',
    };
  }
  return null;
}

function serviceTargetsProblem(value: unknown): FieldProblem | null {
  const problem = mapProblem(value, targetProblem);
  if (problem !== null) return problem;
  const stranger = Object.keys(value as object).find((key) => !isPriority(key));
  return stranger === undefined
    ? null
    : {
        code: 'unknown_field',
        detail: `must be a ticket priority: ${TICKET_PRIORITIES.join(', ')}`,
        pointer: pointerStep(stranger),
      };
}

const SCORE_RANGES = new Map<unknown, readonly [number, number]>([
  ['nps', [0, 10]],
  ['csat', [1, 5]],
  ['sentiment', [1, 5]],
]);

function scoreProblem(score: unknown, siblings: object): FieldProblem | null {
  if (typeof score !== 'number') return { code: 'wrong_type', detail: 'must be a number' };
  const [min, max] = SCORE_RANGES.get('kind' in siblings ? siblings.kind : undefined) ?? [0, 10];
  return score >= min && score <= max
    ? null
    : { code: 'out_of_range', detail: `must be from ${min} to ${max}` };
}

/** Names to texts, numbers, booleans or null. */
export const IsTraits = defineRule('isTraits', (value) => mapProblem(value, traitProblem), {
  type: 'object',
  additionalProperties: {
    oneOf: [{ type: 'string', maxLength: MAX_TRAIT_TEXT }, { type: 'number' }, { type: 'boolean' }],
    nullable: true,
  },
  maxProperties: MAX_KEYS,
  example: { region: 'EMEA', employees: 120 },
});

/** Consent by channel. */
export const IsConsents = defineRule('isConsents', (value) => mapProblem(value, consentProblem), {
  type: 'object',
  additionalProperties: { type: 'boolean' },
  maxProperties: MAX_KEYS,
  example: { email: true, phone: false },
});

/** Limits by name: what the plan allows, and the gauge that measures usage. */
export const IsLimits = defineRule('isLimits', (value) => mapProblem(value, limitProblem), {
  type: 'object',
  additionalProperties: {
    type: 'object',
    required: ['allowed', 'gauge'],
    properties: {
      allowed: { type: 'number', minimum: 0 },
      gauge: { type: 'string', minLength: 1, maxLength: 255 },
    },
  },
  maxProperties: MAX_KEYS,
  example: { projects: { allowed: 50, gauge: 'projects' } },
});

// A number in OpenAPI 3.1; the type of @nestjs/swagger still has the boolean of 3.0.
const ABOVE_ZERO = 0 as unknown as boolean;
const HOURS = { type: 'number', exclusiveMinimum: ABOVE_ZERO, maximum: MAX_TARGET_HOURS } as const;
const TARGET = { type: 'object', properties: { firstResponseHours: HOURS, resolutionHours: HOURS } } as const;

/** Promised hours to first response and resolution, by ticket priority. */
export const IsServiceTargets = defineRule('isServiceTargets', serviceTargetsProblem, {
  type: 'object',
  properties: Object.fromEntries(TICKET_PRIORITIES.map((priority) => [priority, TARGET])),
  additionalProperties: false,
  example: {
    urgent: { firstResponseHours: 1, resolutionHours: 8 },
    normal: { firstResponseHours: 8 },
  },
});

/** A survey's score, in the range of its kind if the same body has it. */
export const IsSurveyScore = defineRule('isSurveyScore', scoreProblem, {
  type: Number,
  minimum: 0,
  maximum: 10,
});
