import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor } from './cursor.js';
import { DomainError } from './errors.js';
import { Installation } from './installation.js';

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** Cursors signed with the installation's key, each valid only for the list that issued it. */
@Injectable()
export class Cursors {
  private readonly secret: Buffer;

  constructor(installation: Installation) {
    this.secret = installation.keyFor('cursors');
  }

  decode(list: string, cursor: string): unknown {
    const content = decodeCursor(this.secret, cursor);
    if (Array.isArray(content) && content[0] === list) return content[1];
    throw new DomainError('bad_cursor', 400, 'The cursor belongs to another list', { pointer: '/cursor' });
  }

  /** Builds a page from `limit + 1` rows: the extra row only shows that there is a next page. */
  page<T>(list: string, rows: T[], limit: number, positionOf: (row: T) => unknown): Page<T> {
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const more = rows.length > limit && last !== undefined;
    return { items, nextCursor: more ? encodeCursor(this.secret, [list, positionOf(last)]) : null };
  }
}
