import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ClockCorrectionsRepository } from './clock-corrections/clock-corrections.repository.js';
import { ErasedPersons } from './erasure/erased-persons.js';
import { ErasureRepository } from './erasure/erasure.repository.js';
import { ErasureService } from './erasure/erasure.service.js';
import { EventErasureRepository } from './erasure/event-erasure.repository.js';
import { OpenErasuresRepository } from './erasure/open-erasures.repository.js';
import { PersonsRepository } from './erasure/persons.repository.js';
import { EventReader } from './events/event-reader.js';
import { EventsController } from './events/events.controller.js';
import { EventsRepository } from './events/events.repository.js';
import { EventsService } from './events/events.service.js';
import { IntakeMetrics } from './intake-metrics.js';
import { PartitionsService } from './events/partitions.service.js';
import { RefCache } from './events/ref-cache.js';
import { RollUpService } from './events/roll-up.service.js';
import { ExchangeRatesController } from './exchange-rates/exchange-rates.controller.js';
import { ExchangeRatesRepository } from './exchange-rates/exchange-rates.repository.js';
import { ChunkIntake } from './imports/chunk-intake.js';
import { ImportsController } from './imports/imports.controller.js';
import { ImportsRepository } from './imports/imports.repository.js';
import { ImportsService } from './imports/imports.service.js';
import { QuarantineController } from './quarantine/quarantine.controller.js';
import { QuarantineRepository } from './quarantine/quarantine.repository.js';
import { ReleaseService } from './quarantine/release.service.js';
import { ExternalIds } from './records/external-ids.js';
import { recordControllers } from './records/record-controllers.js';
import { RecordIntakeService } from './records/record-intake.service.js';
import { RecordWritesService } from './records/record-writes.service.js';
import { RecordsRepository } from './records/records.repository.js';
import { RecordsService } from './records/records.service.js';
import { MergeController } from './removal/merge.controller.js';
import { RemovalRepository } from './removal/removal.repository.js';
import { RemovalService } from './removal/removal.service.js';
import { CallTimes } from './records/call-times.js';
import { CallReader } from './tracking/call-reader.js';
import { PosthogController } from './tracking/posthog.controller.js';
import { PosthogService } from './tracking/posthog.service.js';
import { expandOtherName, OTHER_ROUTES } from './tracking/other-names.js';
import { TrackingController } from './tracking/tracking.controller.js';
import { TrackingService } from './tracking/tracking.service.js';
import { AliasIntakeService } from './users/alias-intake.service.js';
import { AliasesRepository } from './users/aliases.repository.js';
import { ContactsOfUsers } from './users/contacts-of-users.js';
import { UsersRepository } from './users/users.repository.js';

@Module({
  imports: [AccountsModule],
  controllers: [
    TrackingController,
    PosthogController,
    ImportsController,
    EventsController,
    ExchangeRatesController,
    QuarantineController,
    MergeController,
    ...recordControllers,
  ],
  providers: [
    AliasesRepository,
    AliasIntakeService,
    CallReader,
    ChunkIntake,
    ClockCorrectionsRepository,
    ContactsOfUsers,
    ErasedPersons,
    ErasureRepository,
    ErasureService,
    EventErasureRepository,
    OpenErasuresRepository,
    PersonsRepository,
    EventReader,
    EventsRepository,
    EventsService,
    ExchangeRatesRepository,
    ExternalIds,
    ImportsRepository,
    ImportsService,
    IntakeMetrics,
    PartitionsService,
    PosthogService,
    QuarantineRepository,
    RecordIntakeService,
    RecordWritesService,
    RecordsRepository,
    RecordsService,
    RefCache,
    ReleaseService,
    RemovalRepository,
    RemovalService,
    RollUpService,
    CallTimes,
    TrackingService,
    UsersRepository,
  ],
  exports: [PartitionsService, ReleaseService, RollUpService],
})
export class IntakeModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(expandOtherName).forRoutes(...OTHER_ROUTES);
  }
}
