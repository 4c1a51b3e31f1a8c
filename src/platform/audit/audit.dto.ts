export class AuditEntryDto {
  /** @example 17 */
  id: number;
  at: Date;
  /**
   * Id of the API key, `person:` and the id of the person, or the name of a job
   * @example "Zk3rT9aQm2Lx"
   */
  actor: string;
  /** @example "api_key.revoked" */
  action: string;
  /**
   * Path of the changed resource
   * @example "api-keys/Zk3rT9aQm2Lx"
   */
  target: string;
  detail: Record<string, unknown> | null;
}

export class AuditPageDto {
  items: AuditEntryDto[];
  /** Null on the last page */
  nextCursor: string | null;
}
