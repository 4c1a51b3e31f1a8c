import { type DynamicModule, Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AuditController } from './audit/audit.controller.js';
import { AuditLog } from './audit/audit-log.js';
import { ApiKeysController } from './auth/api-keys.controller.js';
import { ApiKeysService } from './auth/api-keys.service.js';
import { AuthGuard } from './auth/auth.guard.js';
import { Authenticator } from './auth/authenticator.js';
import { RequestLimits } from './auth/request-limits.js';
import { RevocationWatch } from './auth/revocation-watch.js';
import { Clock } from './clock.js';
import { Cursors } from './cursors.js';
import { HealthController } from './health/health.controller.js';
import { DiskSpace } from './health/disk-space.js';
import { Lifecycle } from './health/lifecycle.js';
import { Admission } from './http/admission.js';
import { BodyTimes } from './http/body-times.js';
import { ReadBodyGuard } from './http/read-body.guard.js';
import { RequestBodies } from './http/request-bodies.js';
import { BodyShapePipe } from './http/body-shape.pipe.js';
import { CrossOriginGuard } from './http/cross-origin.guard.js';
import { KnownQueryGuard } from './http/known-query.guard.js';
import { ProblemFilter } from './http/problem.filter.js';
import { validationProblem } from './http/validation-problem.js';
import { Installation } from './installation.js';
import { AppLogger } from './logging/app-logger.js';
import { Outbox } from './outbox/outbox.js';
import { OutboxConsumers } from './outbox/outbox-consumers.js';
import { Metrics } from './metrics/metrics.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { Settings } from './settings.js';

/** Resources that are opened before Nest and outlive it. */
export interface Platform {
  settings: Settings;
  dataSource: DataSource;
  installation: Installation;
  logger: AppLogger;
}

@Module({})
export class PlatformModule {
  /** Global, so that features can inject these classes without importing the module. */
  static with({ settings, dataSource, installation, logger }: Platform): DynamicModule {
    const shared = [
      { provide: Settings, useValue: settings },
      { provide: Installation, useValue: installation },
      { provide: AppLogger, useValue: logger },
      { provide: Metrics, useValue: new Metrics() },
      { provide: Lifecycle, useValue: new Lifecycle() },
      {
        provide: DiskSpace,
        useFactory: () => new DiskSpace(settings.databaseUrl === null ? settings.dataDir : null, logger),
      },
      BodyTimes,
      Clock,
      Cursors,
      AuditLog,
      Outbox,
      OutboxConsumers,
      Authenticator,
      RequestLimits,
      RevocationWatch,
    ];
    const validation = new ValidationPipe({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      validationError: { target: false, value: true },
      exceptionFactory: validationProblem,
    });
    return {
      module: PlatformModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => dataSource.options,
          // Opened and migrated before Nest; Nest closes it when the app does.
          dataSourceFactory: () => Promise.resolve(dataSource),
        }),
      ],
      controllers: [ApiKeysController, AuditController, HealthController, MetricsController],
      providers: [
        ...shared,
        ApiKeysService,
        Admission,
        RequestBodies,
        { provide: APP_GUARD, useClass: CrossOriginGuard },
        { provide: APP_GUARD, useClass: AuthGuard },
        { provide: APP_GUARD, useClass: KnownQueryGuard },
        // The last guard: the body is read only when nothing else can reject the request.
        { provide: APP_GUARD, useClass: ReadBodyGuard },
        { provide: APP_PIPE, useClass: BodyShapePipe },
        { provide: APP_PIPE, useValue: validation },
        { provide: APP_FILTER, useValue: new ProblemFilter(logger) },
      ],
      exports: shared,
    };
  }
}
