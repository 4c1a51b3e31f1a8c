import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Cursors } from '../../platform/cursors.js';
import { DomainError } from '../../platform/errors.js';
import { MODEL_KEYS, type ModelKey } from '../model/training/trained.js';
import type { TrainingReport } from '../model/training/report.js';
import { verdictOn } from '../model/training/verdict.js';
import { type ModelCheck, ModelChecksRepository } from './checks/model-checks.repository.js';
import type { DriftWindowDto, ModelsQueryDto, ModelVersionDto, ModelVersionPage } from './model.dto.js';
import { type DescribedVersion, ModelsRepository } from './models.repository.js';
import type { TrainingReportDto } from './training-report.dto.js';

/** 90 % of a normal distribution lie within so many standard deviations. */
const NORMAL_90 = 1.645;

@Injectable()
export class ModelsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly models: ModelsRepository,
    private readonly checks: ModelChecksRepository,
    private readonly cursors: Cursors,
  ) {}

  /** Without `adjusted`: the versions made by a training, and those in use. */
  async list({ key, adjusted, limit = 100, cursor }: ModelsQueryDto): Promise<ModelVersionPage> {
    const name = `models/${key ?? ''}${adjusted === 'true' ? '/adjusted' : ''}`;
    const before = cursor === undefined ? undefined : Number(this.cursors.decode(name, cursor));
    const always = adjusted === 'true' ? null : [...(await this.used())];
    const rows = await this.models.versions({ key, always, before, limit: limit + 1 });
    const { items, nextCursor } = this.cursors.page(name, rows, limit, ({ versionId }) => versionId);
    return { items: await this.described(items), nextCursor };
  }

  async get(key: ModelKey, version: string): Promise<ModelVersionDto> {
    const number = /^[1-9]\d{0,8}$/.test(version) ? Number(version) : null;
    const found = number === null ? null : await this.models.findVersion(key, number);
    const [described] = found ? await this.described([found]) : [];
    if (!described)
      throw new DomainError('not_found', 404, 'No such version of this model', { pointer: '/version' });
    return described;
  }

  private async used(): Promise<Set<number>> {
    const used = new Set<number>();
    for (const key of MODEL_KEYS) {
      const version = await this.models.inUse(key);
      if (version) used.add(version.versionId);
    }
    return used;
  }

  private async described(versions: readonly DescribedVersion[]): Promise<ModelVersionDto[]> {
    const used = await this.used();
    const ids = versions.map(({ versionId }) => versionId);
    const checks = await this.checks.of(this.dataSource.manager, ids);
    return versions.map(({ versionId, report, ...version }) => ({
      ...version,
      inUse: used.has(versionId),
      report: describedReport(version.key, report),
      drift: checks.filter((check) => check.versionId === versionId).map(windowOf),
    }));
  }
}

/** The report is stored as the training made it; the verdict follows today's thresholds. */
function describedReport(key: ModelKey, stored: unknown): TrainingReportDto | null {
  if (stored === null) return null;
  const report = stored as TrainingReport;
  return { verdict: verdictOn(key, report), ...report } as unknown as TrainingReportDto;
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
