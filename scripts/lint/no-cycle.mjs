import { readFileSync } from 'node:fs';
import path from 'node:path';

const IMPORT = /^(?:import|export)\s+(?!type\b)(?:([^'";]*?)\s+from\s+)?'(\.[^']+)';/gm;
const ONLY_TYPES = /^\{\s*(?:type\s[^,{}]*,?\s*)+\}$/;

/** By file: the files it imports at run time, types aside. Read from the disk once in a run of the linter. */
const known = new Map();

/** @returns the relative imports of a source that remain at run time, in order */
export function importsOf(text) {
  return [...text.matchAll(IMPORT)]
    .filter(([, names]) => !ONLY_TYPES.test(names ?? ''))
    .map(([, , source]) => source);
}

function importedBy(file) {
  if (!known.has(file)) known.set(file, resolveAll(file, textOf(file)));
  return known.get(file);
}

const resolveAll = (file, text) =>
  importsOf(text).map((source) => path.resolve(path.dirname(file), source.replace(/\.js$/, '.ts')));

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return '';
    throw error;
  }
}

/** @returns the files from `from` to `to` by imports, both among them, or null */
function pathBetween(from, to) {
  const cameFrom = new Map([[from, null]]);
  const waiting = [from];
  for (const file of waiting) {
    if (file === to) {
      const route = [];
      for (let at = to; at !== null; at = cameFrom.get(at)) route.unshift(at);
      return route;
    }
    for (const next of importedBy(file)) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, file);
      waiting.push(next);
    }
  }
  return null;
}

/** No file may import itself by way of others. Relative imports only, which is what this project has; much quicker than resolving. */
export const noCycle = {
  meta: { type: 'problem', schema: [], messages: { cycle: 'Import cycle: {{route}}' } },
  create(context) {
    const { filename, cwd, sourceCode } = context;
    return {
      Program(node) {
        for (const imported of resolveAll(filename, sourceCode.text)) {
          const route = pathBetween(imported, filename);
          if (!route) continue;
          const names = [filename, ...route].map((file) => path.relative(cwd, file)).join(' → ');
          context.report({ node, messageId: 'cycle', data: { route: names } });
          return;
        }
      },
    };
  },
};
