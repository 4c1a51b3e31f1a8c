import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { type Page, Cursors } from '../../platform/cursors.js';
import { inTransaction } from '../../platform/database/transaction.js';
import { DomainError } from '../../platform/errors.js';
import { MODEL_KEYS, type ModelKey } from '../model/training/trained.js';
import type { TrainingDto } from './training.dto.js';
import { TrainingsRepository } from './trainings.repository.js';

@Injectable()
export class TrainingsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly trainings: TrainingsRepository,
    private readonly audit: AuditLog,
    private readonly cursors: Cursors,
  ) {}

  /** Queues a training, or returns the one that is already queued for the model. */
  async request(key: ModelKey, actor: string): Promise<TrainingDto> {
    return inTransaction(this.dataSource, async (manager) => {
      const id = await this.trainings.request(manager, key);
      const training = id === null ? null : await this.trainings.find(manager, key, id);
      if (training === null) throw new Error('the training was not stored');
      const target = `models/${key}/trainings/${training.id}`;
      await this.audit.record(manager, { actor, action: 'training.requested', target });
      return training;
    });
  }

  /** Queues a training of every model, in the transaction that takes the slot. */
  async requestAll(manager: EntityManager, slot: Date): Promise<void> {
    for (const key of MODEL_KEYS) await this.trainings.request(manager, key, slot);
  }

  async get(key: ModelKey, id: string): Promise<TrainingDto> {
    const found = /^\d{1,18}$/.test(id) ? await this.trainings.find(this.dataSource.manager, key, id) : null;
    if (!found) throw new DomainError('not_found', 404, 'No such training of this model', { pointer: '/id' });
    return found;
  }

  async list(key: ModelKey, limit: number, cursor: string | undefined): Promise<Page<TrainingDto>> {
    const name = `trainings/${key}`;
    const before = cursor === undefined ? null : String(this.cursors.decode(name, cursor));
    const rows = await this.trainings.list(this.dataSource.manager, { key, before, limit: limit + 1 });
    return this.cursors.page(name, rows, limit, ({ id }) => id);
  }
}
