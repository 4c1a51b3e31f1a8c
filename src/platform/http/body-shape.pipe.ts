import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { DomainError } from '../errors.js';

const NOT_A_DTO: unknown[] = [undefined, Object, Array, String, Number, Boolean];

/** Makes sure that a handler gets the body it expects, and an object where it expects a DTO: class-validator would accept a list. */
@Injectable()
export class BodyShapePipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type !== 'body') return value;
    if (value === undefined) throw new DomainError('body_missing', 400, 'The request has no body');
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isObject || NOT_A_DTO.includes(metatype)) return value;
    throw new DomainError('wrong_type', 400, 'The body must be a JSON object', { pointer: '' });
  }
}
