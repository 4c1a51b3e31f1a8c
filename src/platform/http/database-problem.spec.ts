import { QueryFailedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { databaseProblem } from './database-problem.js';

const fromPg = (code: string, message = 'x') =>
  Object.assign(new Error(message), { code, severity: 'ERROR' });
const system = (code: string) => Object.assign(new Error(`connect ${code}`), { code, syscall: 'connect' });

describe(databaseProblem.name, () => {
  it.each([
    system('ECONNREFUSED'),
    new AggregateError([system('ECONNREFUSED'), system('ECONNREFUSED')]),
    fromPg('57P01'),
    fromPg('53300'),
    fromPg('08006'),
    new Error('Connection terminated unexpectedly'),
    new Error('Connection terminated due to connection timeout'),
    new Error('timeout exceeded when trying to connect'),
    new QueryFailedError('select 1', [], new Error('Connection terminated unexpectedly')),
    new QueryRunnerProviderAlreadyReleasedError(),
    new QueryFailedError('select 1', [], Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })),
  ])('answers 503 with Retry-After to: %s', (error) => {
    expect(databaseProblem(error)).toMatchObject({
      status: 503,
      code: 'database_unavailable',
      options: { headers: { 'Retry-After': '5' } },
    });
  });

  it('asks for a retry after a deadlock', () => {
    expect(databaseProblem(new QueryFailedError('x', [], fromPg('40P01')))).toMatchObject({
      code: 'database_busy',
    });
  });

  it('answers 400 to text that cannot be stored', () => {
    expect(databaseProblem(fromPg('22021'))).toMatchObject({ status: 400, code: 'invalid_text' });
  });

  it.each([
    fromPg('23505'),
    fromPg('42601'),
    new Error('something else'),
    'text',
    Object.assign(new Error('open'), { code: 'ENOENT', syscall: 'open', path: '/x' }),
  ])('ignores other errors: %s', (error) => {
    expect(databaseProblem(error)).toBeNull();
  });
});
