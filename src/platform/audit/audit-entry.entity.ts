import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity('audit_entry')
@Index('audit_entry_target', ['target', 'id'])
export class AuditEntry {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: number;

  @Column('timestamptz', { default: () => 'now()' })
  at: Date;

  /** Id of the API key, `person:` and the id of the person, or the name of a job. */
  @Column({ type: 'text', collation: 'C' })
  actor: string;

  @Column({ type: 'text', collation: 'C' })
  action: string;

  @Column({ type: 'text', collation: 'C' })
  target: string;

  @Column('jsonb', { nullable: true })
  detail: object | null;
}
