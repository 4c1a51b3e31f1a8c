import { ApiProperty } from '@nestjs/swagger';

/** What became of a record. */
export class PutAnswerDto {
  @ApiProperty({ example: 'S-1' })
  id: string;

  @ApiProperty({ enum: ['created', 'updated', 'unchanged', 'quarantined'] })
  status: 'created' | 'updated' | 'unchanged' | 'quarantined';
}
