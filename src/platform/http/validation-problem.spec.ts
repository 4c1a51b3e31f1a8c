import 'reflect-metadata';
import { plainToInstance, Type } from 'class-transformer';
import { IsInt, Max, Min, validateSync } from 'class-validator';
import { validationProblem } from './validation-problem.js';

class Page {
  @Type(() => Number)
  @Min(1)
  @Max(1_000)
  @IsInt()
  limit!: number;
}

describe(validationProblem.name, () => {
  it.each([
    ['abc', 'wrong_type', 'limit must be an integer number'],
    ['1.5', 'wrong_type', 'limit must be an integer number'],
    ['0', 'out_of_range', 'limit must not be less than 1'],
    ['5000', 'out_of_range', 'limit must not be greater than 1000'],
    [undefined, 'missing', 'limit is required'],
  ])('reports the most basic error of %s first', (limit, code, detail) => {
    const sut = validationProblem(validateSync(plainToInstance(Page, { limit })));
    expect(sut.message).toBe(detail);
    expect(sut.options).toMatchObject({ errors: [{ code, detail, pointer: '/limit' }] });
  });
});
