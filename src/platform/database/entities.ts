import { AuditEntry } from '../audit/audit-entry.entity.js';
import { ApiKey } from '../auth/api-key.entity.js';
import { InstallationRow } from '../installation.entity.js';

/** All entities of the platform, listed because a glob would find different files in `dist` and under Jest. */
export const entities = [ApiKey, AuditEntry, InstallationRow];
