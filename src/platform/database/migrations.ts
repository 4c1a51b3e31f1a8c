import { Platform1763800000000 } from '../../../migrations/1763800000000-platform.js';
import { Facts1763800100000 } from '../../../migrations/1763800100000-facts.js';

/** In the order of their time stamps. A merged migration is frozen. */
export const migrations = [Platform1763800000000, Facts1763800100000];
