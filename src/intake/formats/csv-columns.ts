import { getMetadataStorage } from 'class-validator';
import { DomainError } from '../../platform/errors.js';
import { type Class, findShape } from '../../platform/validation/rules.js';

/**
 * `object` may hold objects (`limits.projects.allowed`), `map` only values, so that the key of `traits.a.b` is `a.b`.
 * `any`: a cell below one of them, whose type is told by its text.
 */
export type ColumnType =
  'string' | 'number' | 'integer' | 'boolean' | 'instant' | 'list' | 'object' | 'map' | 'any';

export type ColumnTypes = ReadonlyMap<string, ColumnType>;

/** A column of the file: `traits.region` has the path `['traits', 'region']`. */
export interface Column {
  path: string[];
  type: ColumnType;
}

/** The column type implied by each rule; a field's first match counts. */
const rulesByType: [ColumnType, string[]][] = [
  ['list', ['isArray', 'arrayMaxSize', 'arrayMinSize', 'arrayUnique']],
  ['map', ['isTraits', 'isConsents']],
  ['object', ['isObject', 'nestedValidation', 'isLimits', 'isServiceTargets']],
  ['integer', ['isInt']],
  ['number', ['isNumber', 'isSurveyScore']],
  ['boolean', ['isBoolean']],
  ['instant', ['isInstant']],
  [
    'string',
    [
      'isString',
      'maxLength',
      'isIn',
      'isKey',
      'isKeyOrEmpty',
      'isCurrencyCode',
      'isEmailAddress',
      'isTimeZoneName',
    ],
  ],
];

/** Rules that do not imply a type. */
const neutralRules = ['min', 'max', 'isOptional', 'conditionalValidation'];

/**
 * The columns allowed by a DTO class, including nested objects, from the same metadata that validates it. Throws on an
 * unknown rule, so that numbers are not read as text.
 */
export function columnsOf(dto: Class): ColumnTypes {
  const types = new Map<string, ColumnType>();
  for (const rule of getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false)) {
    const name = rule.name ?? rule.type;
    if (rule.each || neutralRules.includes(name)) continue;
    const rank = rulesByType.findIndex(([, rules]) => rules.includes(name));
    const type = rulesByType[rank]?.[0];
    if (!type) throw new Error(`${dto.name}.${rule.propertyName}: the rule ${name} has no column type yet.`);
    const known = rulesByType.findIndex(([other]) => other === types.get(rule.propertyName));
    if (known === -1 || rank < known) types.set(rule.propertyName, type);
  }
  for (const name of [...types.keys()]) {
    const shape = findShape(dto.prototype as object, name);
    if (shape) for (const [inner, type] of columnsOf(shape)) types.set(`${name}.${inner}`, type);
  }
  return types;
}

/** @throws DomainError 400 `unknown_column` or `duplicate_column`, naming the column */
export function readHeader(names: string[], known: ColumnTypes): Column[] {
  const columns = names.map((name, index) => columnOf(name, index, known));
  const seen = new Set<string>();
  const inner = new Set(
    columns.flatMap(({ path }) => path.slice(0, -1).map((_, i) => path.slice(0, i + 1).join('.'))),
  );
  for (const name of names) {
    if (seen.has(name))
      throw new DomainError('duplicate_column', 400, `The column "${name}" appears twice in the header`);
    if (inner.has(name))
      throw new DomainError(
        'duplicate_column',
        400,
        `The column "${name}" cannot be combined with a column inside it, such as "${name}.x"`,
      );
    seen.add(name);
  }
  return columns;
}

function columnOf(name: string, index: number, known: ColumnTypes): Column {
  const path = name.split('.');
  const type = known.get(name);
  if (type) return { path, type };
  const [root = '', ...below] = path;
  if (isFree(root, known) && below.length > 0 && below.every((part) => part !== '')) {
    return { path: known.get(root) === 'map' ? [root, below.join('.')] : path, type: 'any' };
  }
  const list = [...known.keys()].map((key) => (isFree(key, known) ? `${key}, ${key}.…` : key)).join(', ');
  const named = name === '' ? `Column ${index + 1} has no name` : `Unknown column "${name.slice(0, 100)}"`;
  throw new DomainError('unknown_column', 400, `${named}. Known columns: ${list}`);
}

/** An object with arbitrary keys. */
function isFree(name: string, known: ColumnTypes): boolean {
  const type = known.get(name);
  return (
    type === 'map' || (type === 'object' && ![...known.keys()].some((key) => key.startsWith(`${name}.`)))
  );
}
