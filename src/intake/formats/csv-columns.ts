import { getMetadataStorage } from 'class-validator';
import { DomainError } from '../../platform/errors.js';
import { type Class, findShape } from '../../platform/validation/rules.js';

/** `any`: a cell below an object (`traits.region`), whose type is told by its text. */
export type ColumnType = 'string' | 'number' | 'integer' | 'boolean' | 'instant' | 'list' | 'object' | 'any';

export type ColumnTypes = ReadonlyMap<string, ColumnType>;

/** A column of the file: `traits.region` has the path `['traits', 'region']`. */
export interface Column {
  path: string[];
  type: ColumnType;
}

const typesByRule = new Map<string, ColumnType>([
  ['isArray', 'list'],
  ['arrayMaxSize', 'list'],
  ['arrayMinSize', 'list'],
  ['arrayUnique', 'list'],
  ['isObject', 'object'],
  ['nestedValidation', 'object'],
  ['isInt', 'integer'],
  ['isNumber', 'number'],
  ['isBoolean', 'boolean'],
  ['isInstant', 'instant'],
]);

/** The rules that tell most come first: each of several decorators of a field may speak. */
const precedence: ColumnType[] = ['list', 'object', 'integer', 'number', 'boolean', 'instant', 'string'];

/** The columns that a DTO class allows, from the same metadata that validates it: also those within a nested shape. */
export function columnsOf(dto: Class): ColumnTypes {
  const types = new Map<string, ColumnType>();
  for (const rule of getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false)) {
    const type = rule.each ? 'list' : (typesByRule.get(rule.name ?? rule.type) ?? 'string');
    const known = types.get(rule.propertyName) ?? 'string';
    types.set(rule.propertyName, precedence.indexOf(type) < precedence.indexOf(known) ? type : known);
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
      throw new DomainError('duplicate_column', 400, `The column "${name}" stands twice in the header.`);
    if (inner.has(name))
      throw new DomainError(
        'duplicate_column',
        400,
        `The column "${name}" and one that lies within it exclude each other.`,
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
  if (isFree(root, known) && below.length > 0 && below.every((part) => part !== ''))
    return { path, type: 'any' };
  const list = [...known.keys()].map((key) => (isFree(key, known) ? `${key}, ${key}.…` : key)).join(', ');
  const named =
    name === '' ? `Column ${index + 1} has no name` : `The column "${name.slice(0, 100)}" is not known`;
  throw new DomainError('unknown_column', 400, `${named}. Known are: ${list}.`);
}

/** An object that may hold any keys. */
function isFree(name: string, known: ColumnTypes): boolean {
  return known.get(name) === 'object' && ![...known.keys()].some((key) => key.startsWith(`${name}.`));
}
