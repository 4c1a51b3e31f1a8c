import 'reflect-metadata';
import { AppModule } from './app.module.js';
import { run } from './platform/run.js';

await run(AppModule, process.env);
