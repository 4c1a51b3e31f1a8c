import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

@Check('api_key_secret_hash_check', 'octet_length(secret_hash) = 32')
@Entity('api_key')
export class ApiKey {
  @PrimaryColumn('text', { collation: 'C' })
  id: string;

  @Column('text')
  name: string;

  @Column('text', { array: true })
  scopes: string[];

  /** SHA-256 of the whole key. */
  @Column('bytea', { name: 'secret_hash' })
  secretHash: Buffer;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;
}
