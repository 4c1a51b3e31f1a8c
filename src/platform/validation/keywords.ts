import { _, Ajv, type KeywordCxt } from 'ajv';
import { maxLength } from 'class-validator';
import { findCheck } from './field-rule.js';
import type { RuleRef } from './schema.js';
import { storableProblem } from './storable.js';

type Inspect = (value: unknown, siblings: object) => unknown;

/**
 * ajv with three custom keywords: `rule` calls a check of `defineRule`, `maxText` counts characters like class-validator,
 * `storable` is `storableProblem`. Each is called from the generated code and returns its finding as the error's
 * `problem`.
 *
 * The schemas are our own, so they are not checked against the meta-schema: compiling that takes longer than all of them.
 */
export function createAjv(): Ajv {
  const ajv = new Ajv({
    strict: true,
    strictTypes: false,
    allErrors: false,
    messages: false,
    verbose: true,
    meta: false,
    validateSchema: false,
  });
  addProblemKeyword(ajv, 'rule', (schema) => {
    const { name, nullable } = schema as RuleRef;
    const check = findCheck(name);
    if (check === undefined) throw new Error(`There is no rule ${name}.`);
    return nullable ? (value, siblings) => (value === null ? null : check(value, siblings)) : check;
  });
  addProblemKeyword(ajv, 'maxText', (schema) => {
    const max = schema as number;
    const problem = { code: 'too_long', detail: `must not be longer than ${max} characters` };
    // The length in UTF-16 units is an upper bound of the number of characters, and much cheaper.
    return (value) =>
      typeof value !== 'string' || value.length <= max || maxLength(value, max) ? null : problem;
  });
  addProblemKeyword(ajv, 'storable', () => storableProblem);
  return ajv;
}

function addProblemKeyword(ajv: Ajv, keyword: string, inspectWith: (schema: unknown) => Inspect): void {
  ajv.addKeyword({
    keyword,
    code(cxt: KeywordCxt) {
      const inspect = cxt.gen.scopeValue('func', { ref: inspectWith(cxt.schema) });
      const problem = cxt.gen.const('problem', _`${inspect}(${cxt.data}, ${cxt.it.parentData})`);
      cxt.setParams({ problem });
      cxt.fail(_`${problem} !== null`);
    },
    error: { message: keyword, params: ({ params }) => _`{problem: ${params.problem}}` },
  });
}
