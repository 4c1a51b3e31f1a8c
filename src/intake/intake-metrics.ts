import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { TouchedAccounts } from '../accounts/touched-accounts.repository.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { EventsRepository } from './events/events.repository.js';

@Injectable()
export class IntakeMetrics {
  constructor(metrics: Metrics, dataSource: DataSource, events: EventsRepository, touched: TouchedAccounts) {
    const count = async (sql: string): Promise<number> => {
      const rows: { count: number }[] = await dataSource.query(sql);
      return rows[0]?.count ?? 0;
    };
    metrics.gauge('steward_rollup_lag_seconds', 'Age of the oldest event not yet in the roll-ups', () =>
      events.lagSeconds(dataSource.manager),
    );
    metrics.gauge('steward_quarantine_facts', 'Facts waiting for an unknown account or user', () =>
      count('SELECT count(*)::int AS count FROM quarantine'),
    );
    metrics.gauge(
      'steward_touched_oldest_seconds',
      'Age of the oldest account with facts newer than its score',
      () => touched.oldestSeconds(dataSource.manager),
    );
  }
}
