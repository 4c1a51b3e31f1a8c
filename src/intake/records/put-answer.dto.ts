import { ApiProperty } from '@nestjs/swagger';

/** The outcome for a record. */
export class PutAnswerDto {
  @ApiProperty({ example: 'S-1' })
  id: string;

  @ApiProperty({ enum: ['created', 'updated', 'unchanged', 'quarantined'] })
  status: 'created' | 'updated' | 'unchanged' | 'quarantined';
}
