import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { createDataSource } from '../database/data-source.js';
import { Installation } from '../installation.js';
import { AppLogger } from '../logging/app-logger.js';
import { PlatformModule } from '../platform.module.js';
import { loadSettings } from '../settings.js';
import { buildDocument } from './build-document.js';

/** Reads the modules only: in preview mode no provider is constructed, so nothing connects. */
export async function describeApi(features: new () => object): Promise<OpenAPIObject> {
  const platform = PlatformModule.with({
    settings: loadSettings({}),
    dataSource: createDataSource('postgres://nowhere'),
    installation: new Installation(Buffer.alloc(32)),
    logger: new AppLogger('silent'),
  });
  const app = await NestFactory.create(
    { module: features, imports: [platform] },
    { preview: true, logger: false, abortOnError: false },
  );
  return buildDocument(app);
}
