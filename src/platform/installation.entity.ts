import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

@Check('installation_id_check', 'id = 1')
@Check('installation_secret_check', 'octet_length(secret) = 32')
@Entity('installation')
export class InstallationRow {
  @PrimaryColumn('smallint', { default: 1 })
  id: number;

  @Column('bytea', { nullable: true })
  secret: Buffer | null;

  @Column('bytea', { name: 'key_check' })
  keyCheck: Buffer;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
