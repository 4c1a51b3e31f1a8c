import { Platform1763800000000 } from '../../../migrations/1763800000000-platform.js';
import { ClockCorrections1764400200001 } from '../../../migrations/1764400200001-clock-corrections.js';
import { Csms1764400500003 } from '../../../migrations/1764400500003-csms.js';
import { Facts1763800100000 } from '../../../migrations/1763800100000-facts.js';
import { Forecast1763800420000 } from '../../../migrations/1763800420000-forecast.js';
import { JobRuns1764400500002 } from '../../../migrations/1764400500002-job-runs.js';
import { Models1763800400000 } from '../../../migrations/1763800400000-models.js';
import { Portfolio1763800300000 } from '../../../migrations/1763800300000-portfolio.js';
import { Scores1763800200000 } from '../../../migrations/1763800200000-scores.js';
import { RecomputeAmounts1764500500001 } from '../../../migrations/1764500500001-recompute-amounts.js';
import { CurrentHalves1764400400002 } from '../../../migrations/1764400400002-current-halves.js';
import { ScoreColumns1764400400001 } from '../../../migrations/1764400400001-score-columns.js';
import { SubscriptionAndTicketFields1764400500000 } from '../../../migrations/1764400500000-subscription-and-ticket-fields.js';
import { JobEpochs1764500600002 } from '../../../migrations/1764500600002-job-epochs.js';
import { MarksOfRuns1764500600003 } from '../../../migrations/1764500600003-marks-of-runs.js';
import { OutboxConsumers1764400500001 } from '../../../migrations/1764400500001-outbox-consumers.js';
import { Trainings1763800410000 } from '../../../migrations/1763800410000-trainings.js';
import { AliasEnds1764400100001 } from '../../../migrations/1764400100001-alias-ends.js';
import { JoinedPeople1764400100002 } from '../../../migrations/1764400100002-joined-people.js';

/** In timestamp order. A merged migration is frozen. */
export const migrations = [
  Platform1763800000000,
  Facts1763800100000,
  Scores1763800200000,
  Portfolio1763800300000,
  Models1763800400000,
  Trainings1763800410000,
  Forecast1763800420000,
  AliasEnds1764400100001,
  JoinedPeople1764400100002,
  ClockCorrections1764400200001,
  ScoreColumns1764400400001,
  CurrentHalves1764400400002,
  SubscriptionAndTicketFields1764400500000,
  OutboxConsumers1764400500001,
  JobRuns1764400500002,
  Csms1764400500003,
  RecomputeAmounts1764500500001,
  JobEpochs1764500600002,
  MarksOfRuns1764500600003,
];
