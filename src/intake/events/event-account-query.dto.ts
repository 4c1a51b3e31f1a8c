import { IsString, Length } from 'class-validator';

export class EventAccountQuery {
  /** The account the event belongs to, by any of its ids */
  @IsString()
  @Length(1, 255)
  accountId: string;
}
