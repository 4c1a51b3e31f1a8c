import { AuditEntry } from '../audit/audit-entry.entity.js';
import { ApiKey } from '../auth/api-key.entity.js';
import { InstallationRow } from '../installation.entity.js';

/** Every entity of the platform, by name: a glob would find other files in `dist` than under Jest. */
export const entities = [ApiKey, AuditEntry, InstallationRow];
