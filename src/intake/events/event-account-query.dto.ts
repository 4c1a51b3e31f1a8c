import { IsString, Length } from 'class-validator';

export class EventAccountQuery {
  /** Any id of the event's account */
  @IsString()
  @Length(1, 255)
  accountId: string;
}
