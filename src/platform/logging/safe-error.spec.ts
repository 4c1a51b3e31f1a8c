import { QueryFailedError } from 'typeorm';
import { safeError } from './safe-error.js';

const CANARY = 'canary';

describe(safeError.name, () => {
  it('keeps the code and names of a database error, not its SQL, values or message', () => {
    const fromPg = Object.assign(new Error(`invalid input syntax: "${CANARY}"`), {
      code: '22P02',
      severity: 'ERROR',
      table: 'contact',
      detail: `Key (email)=(${CANARY})`,
    });
    for (const error of [fromPg, new QueryFailedError(`select ${CANARY}`, [CANARY], fromPg)]) {
      const safe = safeError(error);
      expect(safe).toMatchObject({ code: '22P02', table: 'contact' });
      expect(JSON.stringify(safe)).not.toContain(CANARY);
    }
  });

  it('keeps nothing of a parser error, which quotes the input', () => {
    const error = new SyntaxError(`Unexpected token in "${CANARY}"`);
    expect(JSON.stringify(safeError(error))).not.toContain(CANARY);
  });

  it('masks addresses and keys in other messages', () => {
    const error = new Error(`no way to ann.canary@example.com with stw_canarycanary and whsec_canary`);
    expect(safeError(error)).toMatchObject({ message: 'no way to [address] with [key] and [key]' });
    expect(JSON.stringify(safeError(error))).not.toContain(CANARY);
  });

  it('reports only the type of a value that is not an error', () => {
    expect(safeError(CANARY)).toEqual({ name: 'string' });
  });
});
