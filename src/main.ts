import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

@Module({})
class AppModule {}
const app = await NestFactory.create(AppModule, { logger: false });
console.log(app !== undefined);
