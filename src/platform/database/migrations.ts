import { Platform1763800000000 } from '../../../migrations/1763800000000-platform.js';

/** In the order of their time stamps. A merged migration is frozen. */
export const migrations = [Platform1763800000000];
