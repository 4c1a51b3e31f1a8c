import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Cursors } from '../../platform/cursors.js';
import { DomainError } from '../../platform/errors.js';
import { MODEL_KEYS, type ModelKey } from '../model/training/trained.js';
import { type ModelCheck, ModelChecksRepository } from './checks/model-checks.repository.js';
import type { DriftWindowDto, ModelVersionDto, ModelVersionPage } from './model.dto.js';
import { type DescribedVersion, ModelsRepository } from './models.repository.js';
import type { TrainingReportDto } from './training-report.dto.js';

/** Of a normal distribution: 90 % lie within. */
const NORMAL_90 = 1.645;

@Injectable()
export class ModelsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly models: ModelsRepository,
    private readonly checks: ModelChecksRepository,
    private readonly cursors: Cursors,
  ) {}

  async list(
    key: ModelKey | undefined,
    limit: number,
    cursor: string | undefined,
  ): Promise<ModelVersionPage> {
    const name = `models/${key ?? ''}`;
    const before = cursor === undefined ? undefined : Number(this.cursors.decode(name, cursor));
    const rows = await this.models.versions({ key, before, limit: limit + 1 });
    const { items, nextCursor } = this.cursors.page(name, rows, limit, ({ versionId }) => versionId);
    return { items: await this.described(items), nextCursor };
  }

  async get(key: ModelKey, version: string): Promise<ModelVersionDto> {
    const number = /^[1-9]\d{0,8}$/.test(version) ? Number(version) : null;
    const found = number === null ? null : await this.models.findVersion(key, number);
    const [described] = found ? await this.described([found]) : [];
    if (!described) throw new DomainError('not_found', 404, 'this model has no such version');
    return described;
  }

  private async described(versions: readonly DescribedVersion[]): Promise<ModelVersionDto[]> {
    const used = new Set<number>();
    for (const key of MODEL_KEYS) {
      const version = await this.models.inUse(key);
      if (version) used.add(version.versionId);
    }
    const ids = versions.map(({ versionId }) => versionId);
    const checks = await this.checks.of(this.dataSource.manager, ids);
    return versions.map(({ versionId, report, ...version }) => ({
      ...version,
      inUse: used.has(versionId),
      // Stored as the training made it.
      report: report as TrainingReportDto | null,
      drift: checks.filter((check) => check.versionId === versionId).map(windowOf),
    }));
  }
}

function windowOf(check: ModelCheck): DriftWindowDto {
  const { asOf, accounts, observed, expected, standardDeviation, intercept, stale } = check;
  const half = NORMAL_90 * standardDeviation;
  const share = (count: number): number | null => (expected > 0 ? Math.max(0, count) / expected : null);
  return {
    asOf,
    accounts,
    observed,
    expected,
    ratio: share(observed),
    ratioLow: share(observed - half),
    ratioHigh: share(observed + half),
    calibrationIntercept: intercept,
    stale,
  };
}
