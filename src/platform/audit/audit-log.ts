import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

export interface AuditRecord {
  /** Id of the API key, `person:` and the id of the person, or the name of a job. */
  actor: string;
  /** `<what>.<done>`, such as `api_key.revoked`. */
  action: string;
  /** Path of the changed resource, without `/v1/`. */
  target: string;
  /** Never a secret or personal data: entries outlive the resource. */
  detail?: Record<string, unknown>;
}

@Injectable()
export class AuditLog {
  /** Written in the transaction of the change, so that both are stored or neither. */
  async record(manager: EntityManager, { actor, action, target, detail }: AuditRecord): Promise<void> {
    await manager.query('insert into audit_entry (actor, action, target, detail) values ($1, $2, $3, $4)', [
      actor,
      action,
      target,
      detail ? JSON.stringify(detail) : null,
    ]);
  }
}
